package redisstore

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

// script is a Lua script. Its hash is computed on first use, since most commands that link this package never
// connect to Redis.
type script struct{ hashed func() *redis.Script }

func newScript(source string) script {
	return script{sync.OnceValue(func() *redis.Script { return redis.NewScript(source) })}
}

func (s script) Run(ctx context.Context, client redis.Scripter, keys []string, args ...any) *redis.Cmd {
	return s.hashed().Run(ctx, client, keys, args...)
}
