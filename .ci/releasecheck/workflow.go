package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const workflowFile = ".github/workflows/release.yml"

// workflow has the parts of the release workflow that the checks read.
type workflow struct {
	On struct {
		Push struct{ Tags []string }
	}
	Jobs map[string]struct {
		Permissions map[string]string
		Steps       []struct{ Run string }
	}
}

var (
	makeCommand = regexp.MustCompile(`(?m)^\s*make ((?:[a-z-]+ ?)+)`)
	usedSecret  = regexp.MustCompile(`secrets\.([A-Z_]+)`)
)

// required are the targets that the workflow must make before it publishes.
var required = []string{"test", "check-release", "npm", "image"}

func checkWorkflow(t tree, _ string) (faults []string, err error) {
	data, err := fs.ReadFile(t, workflowFile)
	if err != nil {
		return nil, err
	}
	var w workflow
	if err := yaml.Unmarshal(data, &w); err != nil {
		return []string{fmt.Sprintf("%s: %v", workflowFile, err)}, nil
	}
	makefile, err := fs.ReadFile(t, "Makefile")
	if err != nil {
		return nil, err
	}
	fault := func(format string, a ...any) { faults = append(faults, workflowFile+": "+fmt.Sprintf(format, a...)) }
	if !slices.Contains(w.On.Push.Tags, "v*") {
		fault("it must run for each tag v*")
	}
	targets := w.targets()
	for _, target := range required {
		if !slices.Contains(targets, target) {
			fault("it must run make %s", target)
		}
	}
	if !strings.Contains(string(data), `go run ./.ci/releasecheck -tag "$GITHUB_REF_NAME"`) {
		fault("it must compare the tag with CHANGELOG.md")
	}
	for _, target := range targets {
		if !strings.Contains(string(makefile), "\n"+target+":") {
			fault("the Makefile has no target %s", target)
		}
	}
	documented, err := documentedSecrets(t, data)
	return append(faults, append(documented, w.npm(t)...)...), err
}

// targets returns the targets that the steps make.
func (w workflow) targets() (targets []string) {
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			for _, m := range makeCommand.FindAllStringSubmatch(step.Run, -1) {
				targets = append(targets, strings.Fields(m[1])...)
			}
		}
	}
	return targets
}

// documentedSecrets returns the secrets of the workflow that docs/release.md doesn't explain.
func documentedSecrets(t tree, data []byte) (faults []string, err error) {
	page, err := fs.ReadFile(t, "docs/release.md")
	for _, m := range usedSecret.FindAllStringSubmatch(string(data), -1) {
		if !strings.Contains(string(page), "`"+m[1]+"`") {
			faults = append(faults, "docs/release.md: the secret "+m[1]+" of the workflow isn't documented")
		}
	}
	return faults, err
}

// npm returns the missing requirements of the packages: the permission to log in without a token, and the first publish by hand,
// which creates the packages.
func (w workflow) npm(t tree) (faults []string) {
	for name, job := range w.Jobs {
		for _, step := range job.Steps {
			if strings.Contains(step.Run, "npm publish") && job.Permissions["id-token"] != "write" {
				faults = append(faults, workflowFile+": the job "+name+" publishes to npm and needs the permission id-token: write")
			}
		}
	}
	page, err := fs.ReadFile(t, "docs/release.md")
	for _, text := range []string{"## Publish to npm for the first time", "npm publish --access public", "`release.yml`"} {
		if err != nil || !strings.Contains(string(page), text) {
			faults = append(faults, fmt.Sprintf("docs/release.md: no %q", text))
		}
	}
	return faults
}
