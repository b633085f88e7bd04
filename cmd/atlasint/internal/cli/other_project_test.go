package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// The IDs of projects that the configurations of tests set.
const (
	prodID = "aaaaaaaaaaaaaaaaaaaaaaaa"
	devID  = "bbbbbbbbbbbbbbbbbbbbbbbb"
)

// twoProjects writes a repository whose root is for prod and whose folder dev is for dev. The tests replace the
// configurations; "" removes one.
func twoProjects(t *testing.T, atlas *fakeatlas.Server, root, dev string) {
	t.Helper()
	for _, dir := range []string{".git", "dev/deep", "other"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for file, text := range map[string]string{
		".atlasint.yaml": root, "dev/.atlasint.yaml": dev, "dev/deep/a.json": datadogPayload, "other/b.json": opsPayload,
	} {
		if text != "" {
			writeFile(t, file, strings.NewReplacer("SERVER", atlas.URL, "PROD", prodID, "DEV", devID).Replace(text))
		}
	}
	t.Setenv("MONGODB_ATLAS_PROJECT_ID", "")
}

// wantOtherProject runs apply and diff with the arguments. They must reject the payloads before the first request, with
// a text in the error, or send requests if the text is "".
func wantOtherProject(t *testing.T, atlas *fakeatlas.Server, text string, args []string) {
	t.Helper()
	for _, command := range []string{"apply --yes", "diff", "apply --yes --json"} {
		code, _, errOut := run(append(strings.Fields(command), args...)...)
		errOut = filepath.ToSlash(errOut)
		requests := len(atlas.Requests())
		switch {
		case text == "" && (code > 1 || requests == 0):
			t.Errorf("%s: exit code %d: %s", command, code, errOut)
		case text != "" && (code != 2 || requests > 0):
			t.Errorf("%s: exit code %d after %d requests, want 2 before the first: %s", command, code, requests, errOut)
		case !strings.Contains(errOut, text):
			t.Errorf("%s: want\n%s\ngot\n%s", command, text, errOut)
		}
	}
}

// Nothing is requested if the configuration of a folder that is not used sets another project or server, unless a flag
// of the command decides.
func TestOtherProjectOfFolder(t *testing.T) {
	const toDev = "; run atlasint in dev or with --config dev/.atlasint.yaml, or add --project ID\n"
	for name, tc := range map[string]struct {
		root, dev string
		args      string
		variables map[string]string
		dir       string
		wants     string // in the error; "" for success
	}{
		"file of the root": {
			root: "groupId: PROD", dev: "groupId: DEV", args: "dev",
			wants: "atlasint: the project is " + prodID + " (.atlasint.yaml), but dev/.atlasint.yaml sets groupId " + devID +
				" for the files in its folder and is not used" + toDev,
		},
		"a file": {root: "groupId: PROD", dev: "groupId: DEV", args: "other/b.json dev/deep/a.json", wants: toDev},
		"pruned": {root: "groupId: PROD", dev: "groupId: DEV", args: "--prune dev", wants: toDev},
		"variable": {
			dev: "groupId: DEV", args: "dev", variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": prodID},
			wants: prodID + " (MONGODB_ATLAS_PROJECT_ID), but dev/.atlasint.yaml sets groupId " + devID +
				" for the files in its folder and is not used; unset MONGODB_ATLAS_PROJECT_ID and run atlasint in dev ",
		},
		"extended": {root: "groupId: PROD", dev: "extends: ../dev/base.yaml", args: "dev", wants: toDev},
		"in a parent of the file's configuration": {
			root: "groupId: PROD", dev: "groupId: DEV", args: "dev/deep", dir: "deep", wants: toDev,
		},
		"from another folder": {root: "groupId: PROD", dev: "groupId: DEV", args: "../other", dir: "in dev", wants: "../.atlasint.yaml"},
		"--only the type":     {root: "groupId: PROD", dev: "groupId: DEV", args: "--only datadog other dev", wants: toDev},
		"--only another type": {root: "groupId: PROD", dev: "groupId: DEV", args: "--only ops-genie other dev"},
		"--only another type, pruned": {
			root: "groupId: PROD", dev: "groupId: DEV", args: "--only ops-genie --prune other dev", wants: toDev,
		},
		"--only with an invalid payload": {
			root: "groupId: PROD", dev: "groupId: DEV", args: "--only ops-genie other dev", dir: "with an invalid payload", wants: toDev,
		},
		"same project":  {root: "groupId: DEV", dev: "groupId: DEV", args: "dev"},
		"no project":    {root: "groupId: PROD", dev: "api: v2", args: "dev"},
		"other files":   {root: "groupId: PROD", dev: "groupId: DEV", args: "other"},
		"excluded":      {root: "groupId: PROD\nexclude: [dev/deep/a.json]", dev: "groupId: DEV", args: "other dev/deep/a.json"},
		"in the folder": {root: "groupId: PROD", dev: "groupId: DEV", args: ".", dir: "in dev"},
		"overridden there": {
			root: "groupId: PROD", dev: "groupId: DEV", args: ".", dir: "in dev",
			variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": projectID},
			wants: "atlasint: the project is " + projectID + " (MONGODB_ATLAS_PROJECT_ID), but .atlasint.yaml sets groupId " + devID +
				"; unset MONGODB_ATLAS_PROJECT_ID, or add --project ID\n",
		},
		"overridden with --config": {
			root: "groupId: PROD", dev: "groupId: DEV", args: "dev --config dev/.atlasint.yaml",
			variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": prodID}, wants: ", but dev/.atlasint.yaml sets groupId " + devID + "; unset ",
		},
		"overridden with --only and --prune": {
			root: "groupId: PROD", args: "dev --only datadog --prune",
			variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": devID}, wants: ", but .atlasint.yaml sets groupId " + prodID + "; unset ",
		},
		"overridden where it is extended": {
			root: "groupId: PROD", dev: "extends: ../.atlasint.yaml", args: ".", dir: "in dev",
			variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": devID}, wants: ", but ../.atlasint.yaml sets groupId " + prodID + "; unset ",
		},
		"same project in the variable": {
			root: "groupId: PROD", args: "dev", variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": prodID},
		},
		"variable and --project": {
			root: "groupId: PROD", args: "dev --project " + devID, variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": devID},
		},
		"--project":     {root: "groupId: PROD", dev: "groupId: DEV", args: "dev --project " + projectID},
		"--config":      {root: "groupId: PROD", dev: "groupId: DEV", args: "dev --config dev/.atlasint.yaml"},
		"--config root": {root: "groupId: PROD", dev: "groupId: DEV", args: "dev --config .atlasint.yaml"},
		"server": {
			root: "groupId: PROD", dev: "groupId: PROD\nbaseURL: https://cloud.mongodbgov.com", args: "dev",
			wants: " (MONGODB_ATLAS_BASE_URL), but dev/.atlasint.yaml sets baseURL https://cloud.mongodbgov.com for the files in its folder and is not used; " +
				"unset MONGODB_ATLAS_BASE_URL and run atlasint in dev or with --config dev/.atlasint.yaml, or add --base-url URL\n",
		},
		"--base-url":  {root: "groupId: PROD", dev: "baseURL: https://cloud.mongodbgov.com", args: "dev --base-url SERVER"},
		"same server": {root: "groupId: PROD", dev: "baseURL: SERVER/", args: "dev"},
		"misnamed": {
			root: "groupId: PROD", args: "dev", dir: "misnamed",
			wants: "dev/.atlasint.yml sets groupId " + devID + " for the files in its folder and is not used; rename the file to .atlasint.yaml, or add --project ID\n",
		},
		"no project in the root": {
			dev: "groupId: DEV", args: "dev",
			wants: "atlasint: no project ID; dev/.atlasint.yaml sets groupId for the files in its folder and is not used" + toDev,
		},
		"no project anywhere": {dev: "api: v2", args: "dev", wants: "atlasint: no project ID; add --project ID, set MONGODB_ATLAS_PROJECT_ID, or write "},
		"invalid":             {root: "groupId: PROD", dev: "groupId: x", args: "dev", wants: "atlasint: dev/.atlasint.yaml:1:10: groupId: "},
		"of the parent": {
			root: "groupId: PROD", dev: "api: v2", args: ".", dir: "in dev", variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": devID},
			wants: "not used; write extends: none into .atlasint.yaml to apply it alone, or unset MONGODB_ATLAS_PROJECT_ID and run atlasint in .. ",
		},
		"of the parent of another folder": {
			root: "groupId: PROD", dev: "api: v2", args: "../other", dir: "in dev", variables: map[string]string{"MONGODB_ATLAS_PROJECT_ID": devID},
			wants: "not used; unset MONGODB_ATLAS_PROJECT_ID and run atlasint in .. ",
		},
		"server of the parent": {
			root: "baseURL: https://cloud.mongodbgov.com", dev: "groupId: DEV", args: ".", dir: "in dev",
			wants: "not used; write extends: none into .atlasint.yaml to apply it alone, or unset MONGODB_ATLAS_BASE_URL and run ",
		},
		"no project below a parent": {
			root: "groupId: PROD", dev: "api: v2", args: ".", dir: "in dev", wants: "and is not used; run atlasint in .. or with ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			twoProjects(t, atlas, tc.root, tc.dev)
			writeFile(t, "dev/base.yaml", "groupId: "+devID)
			switch tc.dir {
			case "deep":
				writeFile(t, "dev/deep/.atlasint.yaml", "rules: {url: error}")
			case "misnamed":
				writeFile(t, "dev/.atlasint.yml", "groupId: "+devID)
			case "with an invalid payload":
				writeFile(t, "dev/c.json", "{")
			case "in dev":
				t.Chdir("dev")
			}
			for name, value := range tc.variables {
				t.Setenv(name, value)
			}
			args := strings.Fields(strings.ReplaceAll(tc.args, "SERVER", atlas.URL))
			wantOtherProject(t, atlas, tc.wants, args)
		})
	}
}

// The folder that a symbolic link points to counts too, unless a configuration for the link decides.
func TestOtherProjectByLink(t *testing.T) {
	const byLink = "dev/.atlasint.yaml sets groupId " + devID + " for the files in its folder, into which PATH resolves by symbolic links, and is not used; "
	for name, tc := range map[string]struct {
		root, dev    string
		target, link string
		middle       [2]string // the path and the target of another link
		args         string
		project      string
		other        string // the configuration in the folder other
		inLink       bool   // in the shell, cd LINK
		inDev        bool   // in the folder dev
		wants        string // in the error; "" for success
	}{
		"folder":           {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link", wants: strings.Replace(byLink, "PATH", "link/a.json", 1)},
		"folder, variable": {dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link", project: prodID, wants: strings.Replace(byLink, "PATH", "link/a.json", 1)},
		"file":             {root: "groupId: PROD", dev: "groupId: DEV", target: "../dev/deep/a.json", link: "other/a.json", args: "other", wants: strings.Replace(byLink, "PATH", "other/a.json", 1)},
		"folder of a file": {root: "groupId: PROD", dev: "groupId: DEV", target: "dev", link: "link", args: "link/deep/a.json", wants: "link/.atlasint.yaml sets groupId " + devID},
		"in the folder":    {dev: "groupId: DEV", target: "dev/deep", link: "link", args: ".", project: prodID, inLink: true, wants: "/dev/.atlasint.yaml sets groupId " + devID + " for the files in its folder, into which a.json resolves"},
		"no project":       {dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link", wants: "atlasint: no project ID; " + "dev/.atlasint.yaml sets groupId for the files in its folder, into which link/a.json "},
		"server":           {root: "groupId: PROD", dev: "baseURL: https://cloud.mongodbgov.com", target: "dev/deep", link: "link", args: "link", wants: "dev/.atlasint.yaml sets baseURL https://cloud.mongodbgov.com for the files in its folder, into which link/a.json "},
		"broken":           {root: "groupId: PROD", dev: "unknown: 1", target: "dev/deep", link: "link", args: "link", wants: "atlasint: dev/.atlasint.yaml:1:1: "},
		"same project":     {root: "groupId: DEV", dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link"},
		"--project":        {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link --project " + prodID},
		"--config":         {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link --config .atlasint.yaml"},
		"chain":            {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/c", link: "link", middle: [2]string{"dev/c", "../other"}, args: "link", wants: strings.Replace(byLink, "PATH", "link/b.json", 1)},
		"chain of files":   {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/c.json", link: "link.json", middle: [2]string{"dev/c.json", "../other/b.json"}, args: "link.json", wants: strings.Replace(byLink, "PATH", "link.json", 1)},
		"parent of a link": {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", args: "link/../deep/a.json", wants: "dev/.atlasint.yaml sets groupId " + devID + " for the files in its folder, into which link/../deep/a.json resolves"},
		"chain, shared":    {root: "groupId: PROD", dev: "groupId: DEV", target: "../other/c.json", link: "dev/c.json", middle: [2]string{"other/c.json", "b.json"}, args: ".", inDev: true},
		"shared file":      {root: "groupId: PROD", dev: "groupId: DEV", target: "../other/b.json", link: "dev/b.json", args: ".", inDev: true},
		"shared folder":    {root: "groupId: PROD", dev: "groupId: DEV", target: "../other", link: "dev/other", args: ". other", inDev: true},
		"shared, same project as the unused": {
			root: "api: v2", dev: "groupId: DEV", other: "groupId: PROD",
			target: "../other/b.json", link: "dev/b.json", args: "dev/b.json", project: devID,
		},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			twoProjects(t, atlas, tc.root, tc.dev)
			t.Setenv("MONGODB_ATLAS_PROJECT_ID", tc.project)
			if tc.other != "" {
				writeFile(t, "other/.atlasint.yaml", strings.Replace(tc.other, "PROD", prodID, 1))
			}
			if err := os.Symlink(tc.target, tc.link); err != nil {
				t.Skip(err)
			}
			if tc.middle[0] != "" {
				if err := os.Symlink(tc.middle[1], tc.middle[0]); err != nil {
					t.Fatal(err)
				}
			}
			switch {
			case tc.inLink:
				dir, err := filepath.Abs(tc.link)
				if err != nil {
					t.Fatal(err)
				}
				t.Chdir(dir)
				t.Setenv("PWD", dir)
			case tc.inDev:
				t.Chdir("dev")
			}
			wantOtherProject(t, atlas, tc.wants, strings.Fields(tc.args))
			if !strings.Contains(tc.args, "--") {
				wantUnusedNote(t, tc.wants != "" || strings.Contains(name, "same project"), tc.args)
			}
		})
	}
}

// wantUnusedNote runs validate, which must note a configuration of the files that is not used exactly if that decides
// about the project for apply.
func wantUnusedNote(t *testing.T, want bool, args string) {
	t.Helper()
	_, _, errOut := run(append([]string{"validate"}, strings.Fields(args)...)...)
	if got := strings.Contains(errOut, " is not used for the files in its folder"); got != want {
		t.Errorf("validate %s notes an unused configuration: %v, want %v: %s", args, got, want, errOut)
	}
}

// Commands without payloads use the same rule for the working directory: those that symbolic links resolve to count.
func TestOtherProjectOfWorkingDirectory(t *testing.T) {
	const byLink = "/dev/.atlasint.yaml sets groupId " + devID + " for the files in its folder, into which the working directory resolves by symbolic links, and is not used; "
	for name, tc := range map[string]struct {
		root, dev    string
		target, link string
		dir          string
		project      string
		flags        string
		wants        string // in the error; "" for success
	}{
		"link":                      {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link", wants: byLink},
		"below a link":              {root: "groupId: PROD", dev: "groupId: DEV", target: "dev", link: "link", dir: "link/deep", wants: ""},
		"variable":                  {dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link", project: prodID, wants: byLink},
		"no project":                {dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link", wants: "/dev/.atlasint.yaml sets groupId for the files in its folder, into which the working directory resolves "},
		"server":                    {root: "groupId: PROD", dev: "baseURL: https://cloud.mongodbgov.com", target: "dev/deep", link: "link", dir: "link", wants: "/dev/.atlasint.yaml sets baseURL https://cloud.mongodbgov.com for "},
		"broken":                    {root: "groupId: PROD", dev: "unknown: 1", target: "dev/deep", link: "link", dir: "link", wants: "/dev/.atlasint.yaml:1:1: "},
		"of the parent":             {root: "groupId: PROD", dev: "api: v2", dir: "dev", project: devID, wants: "not used; write extends: none into .atlasint.yaml to apply it alone, or "},
		"of the folder":             {root: "groupId: PROD", dev: "groupId: DEV", dir: "dev/deep"},
		"same project":              {root: "groupId: DEV", dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link"},
		"shared folder":             {root: "api: v2", dev: "groupId: DEV", target: "../other", link: "dev/other", dir: "dev/other"},
		"--project":                 {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link", flags: "--project " + prodID},
		"--config":                  {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "link", flags: "--config ROOT/.atlasint.yaml"},
		"in the link":               {root: "groupId: PROD", dev: "groupId: DEV", target: "dev/deep", link: "link", dir: "."},
		"configuration in the link": {root: "groupId: PROD", dev: "groupId: DEV", target: "dev", link: "link", dir: "link"},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			twoProjects(t, atlas, tc.root, tc.dev)
			t.Setenv("MONGODB_ATLAS_PROJECT_ID", tc.project)
			root, err := os.Getwd()
			if err != nil {
				t.Fatal(err)
			}
			if tc.link != "" {
				if err := os.Symlink(tc.target, tc.link); err != nil {
					t.Skip(err)
				}
			}
			dir := filepath.Join(root, tc.dir)
			t.Chdir(dir)
			t.Setenv("PWD", dir)
			for _, id := range []string{prodID, devID, projectID} {
				if err := atlas.Seed(id, datadogPayload); err != nil {
					t.Fatal(err)
				}
			}
			for _, command := range []string{"get", "get DATADOG --json", "get --as-payload", "delete DATADOG --yes"} {
				before := len(atlas.Requests())
				code, _, errOut := run(strings.Fields(command + " " + strings.ReplaceAll(tc.flags, "ROOT", root))...)
				requests := len(atlas.Requests()) - before
				switch errOut = filepath.ToSlash(errOut); {
				case tc.wants == "" && (code != 0 || requests == 0):
					t.Errorf("%s: exit code %d: %s", command, code, errOut)
				case tc.wants != "" && (code != 2 || requests > 0 || !strings.Contains(errOut, tc.wants)):
					t.Errorf("%s: exit code %d after %d requests, want 2 before the first and\n%s\ngot\n%s", command, code, requests, tc.wants, errOut)
				}
			}
		})
	}
}

// The output of delete --yes names the project and the server, as that of apply does.
func TestDeleteNamesTheProject(t *testing.T) {
	atlas := startAtlas(t)
	if err := atlas.Seed(projectID, datadogPayload); err != nil {
		t.Fatal(err)
	}
	out, _ := must(t, 0, "delete", "DATADOG", "--yes")
	if want := "Project " + projectID + " at " + strings.TrimPrefix(atlas.URL, "http://") + "\ndeleted DATADOG\n"; out != want {
		t.Errorf("it prints\n%s\nwant\n%s", out, want)
	}
}

// The error of a configuration that is not used names the flags that are missing.
func TestBrokenUnusedConfiguration(t *testing.T) {
	const unused = "; the file is not used, but can set another "
	for args, wants := range map[string]string{
		"":                    unused + "project or server for the files in its folder; correct it, or add --project ID and --base-url URL, or --config .atlasint.yaml\n",
		"--project " + prodID: unused + "server for the files in its folder; correct it, or add --base-url URL, or --config .atlasint.yaml\n",
		"--base-url SERVER":   unused + "project for the files in its folder; correct it, or add --project ID, or --config .atlasint.yaml\n",
		"--project " + prodID + " --base-url SERVER": "",
		"--config .atlasint.yaml":                    "",
	} {
		for name, dev := range map[string]string{"key": "unknown: 1", "extends": "extends: ../../.atlasint.yaml", "syntax": "a: [", "size": strings.Repeat("#", 70_000)} {
			t.Run(name+" "+args, func(t *testing.T) {
				atlas := startAtlas(t)
				twoProjects(t, atlas, "groupId: PROD", dev)
				code, _, errOut := run(append([]string{"diff", "dev"}, strings.Fields(strings.ReplaceAll(args, "SERVER", atlas.URL))...)...)
				errOut = filepath.ToSlash(errOut)
				switch {
				case wants == "" && code > 1:
					t.Errorf("exit code %d: %s", code, errOut)
				case wants != "" && (code < 2 || !strings.HasSuffix(errOut, wants) || strings.Count(errOut, "dev/.atlasint.yaml") != 1):
					t.Errorf("exit code %d, want\n%s\ngot\n%s", code, wants, errOut)
				}
			})
		}
	}
}

// The command delete changes the project of the configuration only; get reads that of the variable.
func TestDeleteFromOtherProject(t *testing.T) {
	atlas := startAtlas(t)
	twoProjects(t, atlas, "groupId: PROD", "")
	if err := atlas.Seed(devID, datadogPayload); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MONGODB_ATLAS_PROJECT_ID", devID)
	_, errOut := must(t, 2, "delete", "DATADOG", "--yes")
	if !strings.Contains(errOut, ", but .atlasint.yaml sets groupId "+prodID+"; unset ") || len(atlas.Requests()) > 0 {
		t.Errorf("%d requests, and\n%s", len(atlas.Requests()), errOut)
	}
	if _, errOut = must(t, 0, "get"); errOut != "atlasint: MONGODB_ATLAS_PROJECT_ID overrides groupId of .atlasint.yaml\n" {
		t.Errorf("get prints\n%s", errOut)
	}
	must(t, 0, "delete", "DATADOG", "--yes", "--project", devID)
}

// A plan names its project: apply needs no other decision.
func TestPlanOfOtherProject(t *testing.T) {
	atlas := startAtlas(t)
	twoProjects(t, atlas, "groupId: PROD", "groupId: DEV")
	must(t, 1, "diff", "--project", prodID, "--out", "plan.json", "dev")
	t.Setenv("MONGODB_ATLAS_PROJECT_ID", prodID)
	writeFile(t, ".atlasint.yaml", "groupId: "+devID)
	must(t, 0, "apply", "plan.json")
}
