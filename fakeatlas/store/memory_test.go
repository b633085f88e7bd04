package store_test

import (
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.TestStore(t, func() store.Store { return new(store.Memory) }, nil)
}
