package filestore_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
)

// A file keeps the state of a fake Atlas for the next one.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	const project = "32b6e34b3d91647abb20e7b8"
	for range 2 {
		state, err := filestore.Open(filepath.Join(dir, "atlas.db"))
		if err != nil {
			fmt.Println(err)
			return
		}
		atlas, err := fakeatlas.New(fakeatlas.WithStore(state))
		if err != nil {
			fmt.Println(err)
			return
		}
		_, found := atlas.Integration(project, "OPS_GENIE")
		fmt.Println("found:", found)
		if !found {
			if err := atlas.Seed(project, `{"type": "OPS_GENIE", "apiKey": "k-1"}`); err != nil {
				fmt.Println(err)
				return
			}
		}
		if err := state.Close(); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// found: false
	// found: true
}
