package storetest_test

import (
	"fmt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

// exampleT replaces the *testing.T of a test.
type exampleT struct{}

func (exampleT) Helper()                           {}
func (exampleT) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// In a test of your store, pass its *testing.T as the first argument.
func ExampleTestStore() {
	storetest.TestStore(exampleT{}, func() store.Store { return new(store.Memory) }, nil)
	fmt.Println("Memory meets the contract")
	// Output:
	// Memory meets the contract
}
