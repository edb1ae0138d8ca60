import fc from 'fast-check';
import { AssignerProtocol, type Cluster, type GroupMember } from 'kafkajs';
import { coPartitioningAssigner } from './co-partitioning-assigner.js';

const TOPICS = ['activity', 'delivery'];

/** What each member gets, by its id: partitions by topic. */
async function assign(memberIds: string[], partitionCount: number) {
  const partitions = Array.from({ length: partitionCount }, (_, i) => ({
    partitionId: i,
  }));
  const cluster = {
    findTopicPartitionMetadata: () => partitions,
  } as unknown as Cluster;
  const assigner = coPartitioningAssigner({
    cluster,
    groupId: 'granter',
    logger: null as never,
  });
  const { metadata } = assigner.protocol({ topics: TOPICS });
  const members: GroupMember[] = memberIds.map((memberId) => ({
    memberId,
    memberMetadata: metadata,
  }));
  const assignments = await assigner.assign({ members, topics: TOPICS });
  return new Map(
    assignments.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)!.assignment,
    ]),
  );
}

describe('the assignment of partitions to processes', () => {
  const memberIds = fc.uniqueArray(fc.string({ minLength: 1 }), {
    minLength: 1,
    maxLength: 9,
  });
  const partitionCount = fc.integer({ min: 1, max: 70 });

  it('gives a partition of every topic to the same process, and each to one', async () => {
    await fc.assert(
      fc.asyncProperty(memberIds, partitionCount, async (ids, count) => {
        const assigned = await assign(ids, count);
        expect([...assigned.keys()].sort()).toEqual([...ids].sort());
        const all = [...assigned.values()].flatMap((its) => {
          expect(its.delivery).toEqual(its.activity);
          return its.activity!;
        });
        expect(all.sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        );
      }),
    );
  });

  it('gives no process more than one partition above another', async () => {
    await fc.assert(
      fc.asyncProperty(memberIds, partitionCount, async (ids, count) => {
        const counts = [...(await assign(ids, count)).values()].map(
          ({ activity }) => activity!.length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(
          1,
        );
      }),
    );
  });

  it('is the same in whatever order the members are named', async () => {
    expect(await assign(['b', 'c', 'a'], 64)).toEqual(
      await assign(['a', 'b', 'c'], 64),
    );
  });

  it('tells the group which topics its member reads', () => {
    const assigner = coPartitioningAssigner({} as never);
    const { name, metadata } = assigner.protocol({ topics: TOPICS });
    expect(name).toBe(assigner.name);
    expect(AssignerProtocol.MemberMetadata.decode(metadata)).toMatchObject({
      version: 0,
      topics: TOPICS,
    });
  });
});
