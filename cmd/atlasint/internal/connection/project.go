package connection

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// The flags that set the project and the server.
const (
	projectFlag = "--project"
	baseURLFlag = "--base-url"
)

// defaultServer is the source of a server that nothing sets.
const defaultServer = "the default"

// ErrNoProject is the error of [Settings.Connect] if nothing sets the project.
var ErrNoProject = errors.New("no project ID")

// projectID returns the project, and the flag, the variable or the file that sets it.
func (s *Settings) projectID(profile *cliprofile.Profile, cfg *workspace.Config) (project, source string, err error) {
	switch {
	case s.Project != "":
		project, source = s.Project, projectFlag
	case profile != nil && profile.ProjectID != "":
		project, source = profile.ProjectID, redact.Path(profile.File)
	case os.Getenv(ProjectVariable) != "":
		project, source = os.Getenv(ProjectVariable), ProjectVariable
	case cfg.GroupID != "":
		project, source = cfg.GroupID, cfg.GroupIDFile()
	default:
		return "", "", problem.Inputf("%w; %s", ErrNoProject, projectHint())
	}
	if !atlas.IsID(project) {
		return "", "", problem.Inputf("%s is not a project ID; it has %s", redact.Value(project), atlas.IDForm)
	}
	return project, source, nil
}

// otherProject returns the error of a variable or a profile that sets another project than the configuration: the
// payloads may be meant for that one.
func otherProject(project, source string, cfg *workspace.Config) error {
	next := "use a profile without a project"
	if source == ProjectVariable {
		next = "unset " + ProjectVariable
	}
	return problem.Inputf("the project is %s (%s), but %s sets groupId %s; %s, or add %s ID",
		project, source, cfg.GroupIDFile(), cfg.GroupID, next, projectFlag)
}

// NoProject returns the error for [ErrNoProject] with the configuration that is not used and sets the project for the
// files, nil if there is none.
func NoProject(cfg *workspace.Config, files []string) error {
	found, err := cfg.Unused(files).First(groupID, func(string) bool { return true })
	if err != nil || found == nil {
		return nil //nolint:nilerr // the error of the missing project stays
	}
	found.Nearer = "" // without this setting there would still be no project
	return problem.Inputf("%w; %s sets groupId %s; %s, or add %s ID",
		ErrNoProject, found.File, unusedFor(found), nextFor(found, "", cfg), projectFlag)
}

// CheckUnused returns an error if a configuration that is not used sets another project or server for the files: the
// payloads may be meant for that one. A flag of the command that names the project, the server or the configuration
// allows it.
func (conn *Connection) CheckUnused(cfg *workspace.Config, files []string) error {
	search := cfg.Unused(files)
	if conn.projectSource != projectFlag {
		found, err := search.First(groupID, func(id string) bool { return id != conn.Project })
		if err != nil {
			return conn.unreadable(err, cfg)
		}
		if found != nil {
			return problem.Inputf("the project is %s (%s), but %s sets groupId %s %s; %s, or add %s ID",
				conn.Project, conn.projectSource, found.File, found.Value, unusedFor(found), nextFor(found, conn.projectSource, cfg), projectFlag)
		}
	}
	if conn.serverSource == baseURLFlag {
		return nil
	}
	found, err := search.First(baseURL, func(base string) bool { return normal(base) != normal(conn.Server) })
	if err != nil {
		return conn.unreadable(err, cfg)
	}
	if found == nil {
		return nil
	}
	return problem.Inputf("the server is %s (%s), but %s sets baseURL %s %s; %s, or add %s URL",
		conn.BaseURL, conn.serverSource, found.File, atlas.ShownURL(found.Value), unusedFor(found), nextFor(found, conn.serverSource, cfg), baseURLFlag)
}

// unreadable adds what to do to the error of a configuration that is not used and can't be read.
func (conn *Connection) unreadable(err error, cfg *workspace.Config) error {
	what, flags := "project or server", projectFlag+" ID and "+baseURLFlag+" URL"
	switch {
	case conn.projectSource == projectFlag:
		what, flags = "server", baseURLFlag+" URL"
	case conn.serverSource == baseURLFlag:
		what, flags = "project", projectFlag+" ID"
	}
	if cfg.File != "" {
		flags += ", or --config " + cfg.Target()
	}
	return fmt.Errorf("%w; the file is not used, but can set another %s for the files in its folder; correct it, or add %s", err, what, flags)
}

// unusedFor returns the files that a setting is for, and that it is not used.
func unusedFor(found *workspace.UnusedSetting) string {
	files := workspace.FilesOf(found.Link)
	if found.Link != "" {
		files += ","
	}
	return files + " and is not used"
}

func groupID(c *workspace.Config) string { return c.GroupID }

func baseURL(c *workspace.Config) string { return c.BaseURL }

// normal returns a base URL in one of its spellings.
func normal(base string) string {
	base = strings.TrimRight(base, "/")
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port, ok := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]; ok {
		u.Host = strings.TrimSuffix(u.Host, port)
	}
	return u.String()
}

// nextFor returns how to use a setting. The source is that of the value that applies, "" if there is none: a variable
// or a profile would override the configuration too.
func nextFor(found *workspace.UnusedSetting, source string, cfg *workspace.Config) string {
	first := ""
	if found.Nearer != "" {
		first = "write extends: none into " + found.Nearer + " to apply it alone, or "
	}
	switch source {
	case "", defaultServer, cfg.GroupIDFile(), cfg.BaseURLFile():
	case ProjectVariable, BaseURLVariable:
		first += "unset " + source + " and "
	default:
		first += "use a profile without it and "
	}
	if found.Misnamed {
		return first + "rename the file to " + workspace.ConfigName
	}
	return first + "run atlasint in " + found.Folder + " or with --config " + found.File
}
