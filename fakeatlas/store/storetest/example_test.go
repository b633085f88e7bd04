package storetest_test

import (
	"fmt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

// exampleT stands for the *testing.T of a test.
type exampleT struct{}

func (exampleT) Helper()                           {}
func (exampleT) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// In a test of a store, its *testing.T is the first argument.
func ExampleHold() {
	storetest.Hold(exampleT{}, func() store.Store { return store.NewMemory() })
	fmt.Println("Memory holds the contract")
	// Output:
	// Memory holds the contract
}
