package serving

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// validConfig returns a configuration that can be opened.
func validConfig() *Config {
	return &Config{
		Address: "127.0.0.1:0", Store: MemoryStore, LogFormat: LogFormats[0], Connections: 1,
		ControlToken: Credential{Flag: "control-token", Variable: "TOKEN_VARIABLE"},
		IsSet:        func(string) bool { return false }, Diagnose: func(string) {},
	}
}

func TestConfigCheck(t *testing.T) {
	if err := validConfig().check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"--group: ":                     func(c *Config) { c.Projects = []string{"one"} },
		"--max-connections must be":     func(c *Config) { c.Connections = 0 },
		"--latency must not be":         func(c *Config) { c.Latency = -1 },
		"unknown log format ":           func(c *Config) { c.LogFormat = "xml" },
		"unknown store ":                func(c *Config) { c.Store = "s3:bucket" },
		"--tls-cert and --tls-key":      func(c *Config) { c.TLSKey = "key.pem" },
		"--fallback-remote needs":       func(c *Config) { c.FallbackRemote = true },
		"--control-token has no effect": func(c *Config) { c.NoControl, c.IsSet = true, func(string) bool { return true } },
	} {
		c := validConfig()
		change(c)
		if err := c.check(); problem.KindOf(err) != problem.Input || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("want the error of the input %q..., got %v", want, err)
		}
	}
}

// Without a flag, the store is that of the environment.
func TestConfigResolvesTheStore(t *testing.T) {
	t.Setenv(StoreVariable, "file:of-the-environment.db")
	for _, tc := range []struct {
		isSet bool
		want  string
	}{{false, "file:of-the-environment.db"}, {true, MemoryStore}} {
		c := validConfig()
		c.IsSet = func(string) bool { return tc.isSet }
		if c.resolveStore(); c.Store != tc.want {
			t.Errorf("set %t: the store is %s, want %s", tc.isSet, c.Store, tc.want)
		}
	}
}

// Only a password in a flag is visible to others.
func TestPasswordInFlagWarns(t *testing.T) {
	t.Setenv(StoreVariable, "")
	for store, want := range map[string]bool{"redis://u:p@h:1": true, "redis://u@h:1": false, "file:a.db": false} {
		warned := false
		c := validConfig()
		c.Store, c.Diagnose = store, func(text string) { warned = strings.Contains(text, "can see the password") }
		if c.resolveStore(); warned != want {
			t.Errorf("%s: warned %t", store, warned)
		}
	}
}

// The control API is on for loopback addresses, or with a token; the console needs it.
func TestControlAPI(t *testing.T) {
	for name, tc := range map[string]struct {
		change           func(*Config)
		control, console bool
	}{
		"loopback":              {func(*Config) {}, true, true},
		"no console":            {func(c *Config) { c.NoConsole = true }, true, false},
		"no control":            {func(c *Config) { c.NoControl = true }, false, false},
		"all addresses":         {func(c *Config) { c.Address = "0.0.0.0:0" }, false, false},
		"all addresses, token":  {func(c *Config) { c.Address, c.ControlToken.Default = "0.0.0.0:0", "t0k" }, true, true},
		"no control, but token": {func(c *Config) { c.NoControl, c.ControlToken.Default = true, "t0k" }, false, false},
	} {
		c := validConfig()
		c.Accounts.PublicKey.Default, c.Accounts.PrivateKey.Default = "pub", "0123"
		c.Accounts.ClientID.Default, c.Accounts.ClientSecret.Default = "id", "4567"
		tc.change(c)
		s, err := c.Open()
		if err != nil {
			t.Fatal(name, err)
		}
		if s.hasControl() != tc.control || s.hasConsole() != tc.console {
			t.Errorf("%s: control API %t, console %t", name, s.hasControl(), s.hasConsole())
		}
		text := s.startText("http://h")
		if got := strings.Contains(text, "control API    http://h/"); got != tc.control {
			t.Errorf("%s: the start text has the control API: %t", name, got)
		}
		if got := strings.Contains(text, "control API    off on this address; set TOKEN_VARIABLE\n"); got != (!tc.control && !c.NoControl) {
			t.Errorf("%s: the start text has the variable of the token: %t", name, got)
		}
		s.Close()
	}
}
