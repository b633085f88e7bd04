package store_test

import (
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Hold(t, func() store.Store { return store.NewMemory() })
}
