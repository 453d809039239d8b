package checks

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write deps.txt instead of comparing it")

const linksIntro = `# The modules that each package for hosts links, beside this one and the standard library.
# Compared by: go test ./internal/checks
# Written by:  go test ./internal/checks -run TestLinkedModules -update
`

func TestLinkedModules(t *testing.T) {
	links, all := linked(t), packages(t)
	var got []string
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		if all[dir].public() {
			got = append(got, strings.TrimSpace(dir+": "+strings.Join(links.modules(dir), " ")))
		}
	}
	if *update {
		require.NoError(t, os.WriteFile("deps.txt", []byte(linksIntro+strings.Join(got, "\n")+"\n"), 0o644))
		return
	}
	text, err := os.ReadFile("deps.txt")
	require.NoError(t, err)
	want := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(text), linksIntro)), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("not in deps.txt: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("in deps.txt, but no longer so: %s", line)
		}
	}
	if t.Failed() {
		t.Log("every host of a package gets the modules that it links: if the change is meant, run " +
			"go test ./internal/checks -run TestLinkedModules -update")
	}
}

// A host that brings a store of its own links no database driver.
func TestDomainsLinkNoDriver(t *testing.T) {
	t.Parallel()
	links := linked(t)
	for _, dir := range []string{".", "audit", "member", "miniprogram", "qrcode", "rbac", "signin", "storage", "unit", "workspace"} {
		p, ok := links[importPath(dir)]
		require.True(t, ok, "no package %s", dir)
		// A driver registers itself with database/sql, so that none is there without it.
		require.NotContains(t, p.Deps, "database/sql", "package %s links database/sql", dir)
		for _, m := range links.modules(dir) {
			require.NotContains(t, []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/go-sql-driver/mysql"}, m,
				"package %s links a database driver", dir)
		}
	}
}

// Exported test kits end up in the tests of hosts, and may not bring more than
// the platform and its memory store do.
func TestKitsLinkNothingMore(t *testing.T) {
	t.Parallel()
	links, all := linked(t), packages(t)
	allowed := slices.Concat(links.modules("."), links.modules("storage/memory"))
	for _, dir := range []string{"superapptest", "storage/storagetest"} {
		p, ok := all[dir]
		require.True(t, ok, "no package %s", dir)
		_, others := p.imports()
		for name := range others {
			require.True(t, links[name].Standard, "package %s imports %s: want this module's own packages and the standard library", dir, name)
		}
		for _, m := range links.modules(dir) {
			require.Contains(t, allowed, m, "package %s links %s, which the platform does not", dir, m)
		}
	}
}

// listed is what go list tells of one package.
type listed struct {
	ImportPath string
	Standard   bool
	Module     *struct{ Path string }
	Deps       []string
}

// graph holds the module's packages and everything they link, by import path.
type graph map[string]listed

// linked asks the go command, for one system, so that the answer is the same
// everywhere.
func linked(t *testing.T) graph {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Module,Deps", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())

	g := graph{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else {
			require.NoError(t, err)
		}
		g[p.ImportPath] = p
	}
}

// modules lists the other modules that a package of this one links.
func (g graph) modules(dir string) []string {
	set := map[string]bool{}
	for _, dep := range g[importPath(dir)].Deps {
		if m := g[dep].Module; m != nil && m.Path != module {
			set[m.Path] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func importPath(dir string) string { return path.Join(module, dir) }
