package redisstore_test

import (
	"fmt"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
)

// Several fake Atlas servers share their state in one Redis.
func ExampleOpen() {
	redis, err := miniredis.Run() // a Redis in this process; in production, your Redis or Valkey
	if err != nil {
		fmt.Println(err)
		return
	}
	defer redis.Close()
	var servers []*fakeatlas.Server
	for range 2 {
		state, err := redisstore.Open("redis://" + redis.Addr())
		if err != nil {
			fmt.Println(err)
			return
		}
		defer state.Close()
		atlas, err := fakeatlas.New(fakeatlas.WithStore(state))
		if err != nil {
			fmt.Println(err)
			return
		}
		servers = append(servers, atlas)
	}
	const project = "32b6e34b3d91647abb20e7b8"
	if err := servers[0].Seed(project, `{"type": "OPS_GENIE", "apiKey": "k-1"}`); err != nil {
		fmt.Println(err)
		return
	}
	_, found := servers[1].Integration(project, "OPS_GENIE")
	fmt.Println("found by the other server:", found)
	// Output:
	// found by the other server: true
}
