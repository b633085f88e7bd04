package connection

import (
	"crypto/hkdf"
	"crypto/sha256"
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// minPlanKey is the length in characters of the shortest key for plans: a plan must not allow to guess it.
const minPlanKey = 16

// PlanKey returns the key of the plans with a salt. It is derived from ATLASINT_PLAN_KEY, else from the secret of the
// credentials.
func (conn *Connection) PlanKey(salt string) ([]byte, error) {
	keys := conn.keys
	if secret := os.Getenv(PlanKeyVariable); secret != "" {
		if len(secret) < minPlanKey {
			return nil, problem.Inputf("%s is too short; use at least %d random characters", PlanKeyVariable, minPlanKey)
		}
		keys = newKeySource(secret)
	}
	key, err := keys("plan " + salt)
	if err != nil {
		return nil, problem.Failuref("can't derive the key of a plan: %w", err)
	}
	return key, nil
}

// keySource returns a key of 32 bytes for a purpose. It is a function so that printing a [Connection] shows no secret.
type keySource func(purpose string) ([]byte, error)

// newKeySource returns the keys of a secret. Equal secrets have equal keys, and a key does not reveal the secret, if
// that is as long as those of Atlas.
func newKeySource(secret string) keySource {
	return func(purpose string) ([]byte, error) {
		return hkdf.Key(sha256.New, []byte(secret), nil, "atlasint "+purpose, sha256.Size)
	}
}
