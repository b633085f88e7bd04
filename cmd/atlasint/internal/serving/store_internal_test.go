package serving

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// An address with a mistake may have the password in any part, also before the first colon.
func TestUnknownStoresHideSecrets(t *testing.T) {
	for _, name := range []string{
		"rediss//canary@host", "rediss//canary", "rediss//u:canary@host", "redis-u-canary@h:1", "redis/canary@h", "redis@canary", "redis canary",
		"canary@host:6379", "canary@host", "redis;//canary@host", "redis=//:canary@host", "redis\\\\canary@host", "//:canary@host",
		"redis.canary:1", "redis_canary", " redis://:canary@host", "rediscanary:x@h", "REDIS://:canary@host", "s3:canary",
		"redis%3A//canary@host", `"redis://:canary@host"`,
	} {
		err := checkStore(name)
		if problem.KindOf(err) != problem.Input || !strings.HasPrefix(err.Error(), "unknown store") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{"sqlite": `"sqlite"; use`, "s3:bucket": `"s3"; use`, "Memory": `"Memory"; use`} {
		if err := checkStore(name); err == nil || !strings.HasPrefix(err.Error(), "unknown store "+want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No address of Redis with a mistake, and no error about it, shows the password.
func TestWrongAddressesHideSecrets(t *testing.T) {
	for _, name := range []string{
		"redis:canary@host", "redis:/canary@host", "redis://:canary", "redis://u:can/ary@host", "redis:///canary@host",
		"redis://h/canary", "redis://h?addr=canary@h:1", "redis://h?addr=redis://:canary@h:1", "redis://h?canary", "redis://u:p#canary@h",
		"redis://u/canary@h", "redis://canary%40host/0",
	} {
		s, err := openStore(name, func(string) {})
		if err == nil {
			_ = s.close()
		}
		if problem.KindOf(err) != problem.Input || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
