import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/**
 * Gives partition p of every topic to the same member, so that one process has all the sources of a shard.
 * kafkajs's own round robin deals out the partitions of all topics in one row and parts them.
 */
export const coPartitioningAssigner: PartitionAssigner = ({ cluster }) => ({
  name: 'CoPartitioningAssigner',
  version: 0,

  // eslint-disable-next-line @typescript-eslint/require-await
  async assign({ members, topics }) {
    const memberIds = members.map(({ memberId }) => memberId).sort();
    return memberIds.map((memberId, turn) => {
      const assignment = Object.fromEntries(
        topics.map((topic) => [
          topic,
          cluster
            .findTopicPartitionMetadata(topic)
            .map(({ partitionId }) => partitionId)
            .filter((partitionId) => partitionId % memberIds.length === turn)
            .sort((a, b) => a - b),
        ]),
      );
      return {
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: 0,
          assignment,
          userData: Buffer.alloc(0),
        }),
      };
    });
  },

  protocol({ topics }) {
    return {
      name: 'CoPartitioningAssigner',
      metadata: MemberMetadata.encode({
        version: 0,
        topics,
        userData: Buffer.alloc(0),
      }),
    };
  },
});
