package redisstore

import (
	"context"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

var _ store.SharedStore = (*Store)(nil)

// keepFull is how long Redis keeps a bucket that is full by its own clock: the server's clock may be stopped.
const keepFull = time.Hour

// take takes a token as [store.Bucket] does. The value of the key consists of the number of used tokens and the start
// of the interval in milliseconds. All times are below 2^53, so that Lua's numbers represent them exactly.
var take = newScript(ownTexts + `
	local capacity, refill, interval = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
	local now, used, start = tonumber(ARGV[4]), 0, tonumber(ARGV[4])
	local kept = redis.call('GET', KEYS[1])
	if kept then
		local u, s = string.match(open(kept) or '', '^(%d+) (-?%d+)$')
		if not u then return foreign() end
		used, start = tonumber(u), tonumber(s)
	end
	if start - now > interval then start = now end
	local intervals = math.floor((now - start) / interval)
	if intervals > 0 then
		start = start + intervals * interval
		used = used - intervals * refill
	end
	used = math.min(math.max(used, 0), capacity)
	if used == 0 then start = now end
	local ok = 0
	if used < capacity then used, ok = used + 1, 1 end
	redis.call('SET', KEYS[1], seal(string.format('%.0f %.0f', used, start)), 'PX', ARGV[5])
	return {ok, capacity - used, start + interval - now}`)

// Take implements [store.SharedStore].
func (s *Store) Take(ctx context.Context, kind, name string, b store.Bucket, now time.Time) (store.TakeResult, error) {
	life := keepFull + time.Duration((b.Capacity+b.Refill-1)/b.Refill)*b.Interval
	reply, err := s.run(ctx, take, s.kind(kind)+name,
		b.Capacity, b.Refill, b.Interval.Milliseconds(), now.UnixMilli(), life.Milliseconds()).Int64Slice()
	if err != nil || len(reply) != 3 {
		return store.TakeResult{}, s.failure(err)
	}
	return store.TakeResult{OK: reply[0] == 1, Left: int(reply[1]), Wait: time.Duration(reply[2]) * time.Millisecond}, s.failure(nil)
}
