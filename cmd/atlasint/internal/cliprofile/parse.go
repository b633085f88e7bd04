package cliprofile

import (
	"bytes"
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// parse returns the profiles of a configuration file, each a table with strings, or the line of the first fault. Only
// names and numbers of lines leave this function: messages of the parser can contain a part of the document.
func parse(data []byte) (profiles []*Profile, faultLine int) {
	var parser unstable.Parser
	parser.Reset(data)
	var table []string
	for parser.NextExpression() {
		switch e := parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = keyOf(e)
			if len(table) == 1 {
				profiles, _ = profileNamed(profiles, table[0])
			}
		case unstable.KeyValue:
			profiles = set(profiles, append(table[:len(table):len(table)], keyOf(e)...), e.Value())
		}
	}
	var fault *unstable.ParserError
	switch err := parser.Error(); {
	case errors.As(err, &fault):
		return nil, lineOf(data, fault.Highlight)
	case err != nil:
		return nil, 1
	}
	return profiles, 0
}

func keyOf(e *unstable.Node) (key []string) {
	for parts := e.Key(); parts.Next(); {
		key = append(key, string(parts.Node().Data))
	}
	return key
}

// lineOf returns the line in which a part of data begins, from 1; the last one if it is no part of it.
func lineOf(data, part []byte) int {
	end := len(data)
	if n := cap(data) - cap(part); len(part) > 0 && n >= 0 && n < end {
		end = n
	}
	return bytes.Count(data[:end], []byte("\n")) + 1
}

func profileNamed(profiles []*Profile, name string) ([]*Profile, *Profile) {
	for _, p := range profiles {
		if strings.EqualFold(p.Name, name) {
			return profiles, p
		}
	}
	p := &Profile{Name: name}
	return append(profiles, p), p
}

// set stores the value at a key, PROFILE and SETTING, if it is a string. Other keys are settings of the Atlas CLI itself.
func set(profiles []*Profile, key []string, value *unstable.Node) []*Profile {
	if len(key) != 2 || value.Kind != unstable.String {
		return profiles
	}
	profiles, p := profileNamed(profiles, key[0])
	text := string(value.Data)
	switch strings.ToLower(key[1]) {
	case "public_api_key":
		p.PublicKey = text
	case "private_api_key":
		p.PrivateKey = text
	case "client_id":
		p.ClientID = text
	case "client_secret":
		p.ClientSecret = text
	case "access_token":
		p.AccessToken = text
	case "auth_type":
		p.AuthType = text
	case "project_id":
		p.ProjectID = text
	case "base_url", "ops_manager_url": // two names of one setting
		p.BaseURL = text
	case "service":
		p.Service = text
	}
	return profiles
}
