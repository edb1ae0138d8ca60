import { deadLetterHeaders, TOPICS } from '@app/contracts';
import { messageAt, TOPIC } from '../test/messages.js';
import { deadLetter, forward } from './dead-letter.js';

describe('a dead letter', () => {
  it('is the message unchanged, with the reason and its old place', () => {
    const message = messageAt(17);
    const refusal = { refusal: 'not_json', detail: 'Unexpected end' };
    expect(deadLetter('dlq', message, refusal)).toEqual({
      topic: 'dlq',
      key: message.key,
      value: message.value,
      headers: {
        trace: message.headers.trace,
        'dlq-reason': 'not_json',
        'dlq-detail': 'Unexpected end',
        'dlq-topic': TOPIC,
        'dlq-partition': '3',
        'dlq-offset': '17',
      },
    });
  });

  it('says why it was refused now, where it was refused before', () => {
    const before = { 'dlq-reason': 'not_json', 'dlq-offset': '1' };
    const message = messageAt(17, { headers: before });
    const refusal = { refusal: 'unknown_type', detail: '' };
    expect(deadLetter('dlq', message, refusal).headers).toMatchObject({
      'dlq-reason': 'unknown_type',
      'dlq-offset': '17',
    });
  });

  it('has the headers that the contract describes', () => {
    const message = { ...messageAt(17), topic: TOPICS.delivery };
    const refusal = { refusal: 'id_conflict', detail: 'said before' };
    const { headers } = deadLetter(TOPICS.deadLetters, message, refusal);
    expect(deadLetterHeaders.parse(headers)).toMatchObject({
      'dlq-reason': 'id_conflict',
      'dlq-offset': '17',
    });
  });

  it('carries a message without key and value too', () => {
    const message = messageAt(17, { key: null, value: null });
    const refusal = { refusal: 'empty', detail: '' };
    expect(deadLetter('dlq', message, refusal)).toMatchObject({
      key: null,
      value: null,
    });
  });
});

describe('a forwarded message', () => {
  it('goes unchanged to the partition where it belongs, and says where it stood', () => {
    const message = messageAt(17);
    expect(forward(message, 5)).toEqual({
      topic: TOPIC,
      partition: 5,
      key: message.key,
      value: message.value,
      headers: {
        trace: message.headers.trace,
        'forwarded-from': 'merchant.activity.v1/3/17',
      },
    });
  });
});
