/** Every lot, as the entry of the grants journal that made it says: one that gave a merchant traffic under its own id. */
export const GRANTED_LOTS = `
  SELECT shard, lot_id, merchant_id, unit, amount AS granted,
    (cause ->> 'expiresAt')::timestamptz AS expires_at, program
  FROM posting JOIN entry USING (shard, journal, sequence)
  WHERE journal = 'grants' AND amount > 0 AND account = 'merchant:' || merchant_id || ':available'
    AND lot_id = format('grants-%s-%s', shard, sequence)`;
