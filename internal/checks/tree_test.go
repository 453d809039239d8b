package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = "../.."
	module = "github.com/superapp-go/superapp"
)

// A file is a Go source file that is no test.
type file struct {
	path      string // relative to the module
	ast       *ast.File
	lines     int
	generated bool
}

// A pkg is a package of the module.
type pkg struct {
	dir   string // relative to the module, "." for the root
	name  string
	files []file
	fset  *token.FileSet
}

// packages parses the module, by folder. It reads the files in this process,
// so that go test does not answer from its cache after one has changed.
func packages(t *testing.T) map[string]*pkg {
	t.Helper()
	all := map[string]*pkg{}
	walk(t, func(name string, text []byte) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			return
		}
		p := all[path.Dir(name)]
		if p == nil {
			p = &pkg{dir: path.Dir(name), fset: token.NewFileSet()}
			all[p.dir] = p
		}
		f, err := parser.ParseFile(p.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		p.name = f.Name.Name
		p.files = append(p.files, file{name, f, strings.Count(string(text), "\n"), ast.IsGenerated(f)})
	})
	require.NotEmpty(t, all)
	return all
}

// walk calls fn for every file of the tree.
func walk(t *testing.T, fn func(name string, text []byte)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "quickstart-data" || d.Name() == "qrcodes-out"):
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		fn(filepath.ToSlash(rel), text)
		return err
	}))
}

// imports returns the module's own packages that p imports, by folder, and the
// import paths of all others.
func (p *pkg) imports() (own, others map[string]bool) {
	own, others = map[string]bool{}, map[string]bool{}
	for _, f := range p.files {
		for _, spec := range f.ast.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if name == module {
				own["."] = true
			} else if dir, ok := strings.CutPrefix(name, module+"/"); ok {
				own[dir] = true
			} else {
				others[name] = true
			}
		}
	}
	return own, others
}

// public reports whether hosts may import the package.
func (p *pkg) public() bool {
	internal := strings.Contains("/"+p.dir+"/", "/internal/")
	return p.name != "main" && !internal && !strings.HasPrefix(p.dir, "examples/")
}
