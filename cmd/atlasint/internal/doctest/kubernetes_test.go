package doctest_test

import (
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/fakeatlas"
)

// object has the fields of a Kubernetes object that the example uses.
type object struct {
	Kind       string
	Metadata   struct{ Name string }
	StringData map[string]string `yaml:"stringData"`
	Spec       struct {
		Selector map[string]any
		Ports    []struct{ Port int }
		Template struct {
			Metadata struct{ Labels map[string]any }
			Spec     struct{ Containers []podContainer }
		}
	}
}

type podContainer struct {
	Image string
	Args  []string
	Ports []struct {
		ContainerPort int `yaml:"containerPort"`
	}
	Env []struct {
		Name      string
		ValueFrom struct {
			SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	ReadinessProbe struct{ Exec struct{ Command []string } } `yaml:"readinessProbe"`
}

// kubernetes returns the objects of examples/kubernetes.yaml by kind and name.
func kubernetes(t *testing.T) map[string]object {
	t.Helper()
	objects := map[string]object{}
	for decoder := yaml.NewDecoder(strings.NewReader(readFile(t, "examples/kubernetes.yaml"))); ; {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatal(err)
		}
		objects[o.Kind+" "+o.Metadata.Name] = o
	}
}

// The page on clients quotes the manifest, whose parts fit together and to the operator's URL.
func TestKubernetesExample(t *testing.T) {
	inRoot(t)
	page := readFile(t, "docs/clients.md")
	if !strings.Contains(page, "```yaml\n"+readFile(t, "examples/kubernetes.yaml")+"```\n") {
		t.Error("docs/clients.md does not quote examples/kubernetes.yaml")
	}
	all := kubernetes(t)
	deployment, service := all["Deployment atlas"].Spec, all["Service atlas"].Spec
	if len(deployment.Template.Spec.Containers) != 1 || len(service.Ports) != 1 {
		t.Fatalf("the manifest has %v and %v", deployment, service)
	}
	one := deployment.Template.Spec.Containers[0]
	checkContainer(t, one, all)
	if diff := cmp.Diff(service.Selector, deployment.Template.Metadata.Labels); diff != "" {
		t.Errorf("the labels differ from the selector of the service:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"matchLabels": service.Selector}, deployment.Selector); diff != "" {
		t.Errorf("the selectors differ:\n%s", diff)
	}
	_, port, err := net.SplitHostPort(one.Args[len(one.Args)-1])
	if err != nil {
		t.Fatal(err)
	}
	if len(one.Ports) != 1 {
		t.Fatalf("the container has the ports %v, want one", one.Ports)
	}
	got := []string{strconv.Itoa(one.Ports[0].ContainerPort), strconv.Itoa(service.Ports[0].Port)}
	if diff := cmp.Diff([]string{port, port}, got); diff != "" {
		t.Errorf("the ports of the container and of the service differ from that of the arguments (-want +got):\n%s", diff)
	}
	if want := "`--atlas-domain=http://atlas:" + port + "/`"; !strings.Contains(page, want) {
		t.Errorf("docs/clients.md has no %s", want)
	}
	key := fakeatlas.DefaultAPIKey
	want := map[string]string{"orgId": "5f0000000000000000000001", "publicApiKey": key.PublicKey, "privateApiKey": key.PrivateKey}
	if diff := cmp.Diff(want, all["Secret atlas-connection"].StringData); diff != "" {
		t.Errorf("the connection secret: (-want +got)\n%s", diff)
	}
}

// checkContainer checks the image, the command lines and the environment of the container.
func checkContainer(t *testing.T, c podContainer, all map[string]object) {
	t.Helper()
	if !strings.Contains(readFile(t, "examples/compose.yaml"), "image: "+c.Image+"\n") {
		t.Errorf("the image %s is not that of examples/compose.yaml", c.Image)
	}
	probe := c.ReadinessProbe.Exec.Command
	if len(probe) == 0 || !strings.Contains(readFile(t, "Dockerfile"), " "+probe[0]+"\n") {
		t.Fatalf("the probe %v runs nothing of the image", probe)
	}
	for _, words := range [][]string{c.Args, probe[1:]} {
		if err := readable(words); err != nil {
			t.Errorf("%v: %v", words, err)
		}
	}
	serve, _, err := cli.Tree().Find(c.Args[:1])
	if err != nil {
		t.Fatal(err)
	}
	known := strings.FieldsFunc(serve.Flags().FlagUsages(), func(r rune) bool { return strings.ContainsRune(" ;,()\n", r) })
	for _, env := range c.Env {
		if !slices.Contains(known, "$"+env.Name) {
			t.Errorf("serve has no variable %s", env.Name)
		}
		ref := env.ValueFrom.SecretKeyRef
		if all["Secret "+ref.Name].StringData[ref.Key] == "" {
			t.Errorf("%s: the secret %s has no %s", env.Name, ref.Name, ref.Key)
		}
	}
	if len(c.Env) != 1 {
		t.Errorf("%d variables", len(c.Env))
	}
}
