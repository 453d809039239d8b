package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Imports go one way. Each layer may use what stands before it.
const (
	base    = "fault id page rbac unit internal/text"
	spaces  = base + " audit workspace"
	domains = spaces + " miniprogram member qrcode"
	stores  = domains + " storage storage/memory storage/sqlite"
	hosts   = stores + " . superapptest storage/storagetest"
)

// mayImport says which packages of this module each package may import, by
// folder; "x/..." stands for every folder below x. A domain imports neither
// storage, nor a store, nor a domain to its left in docs/design.md.
var mayImport = map[string]string{
	"fault":                   "",
	"id":                      "fault",
	"page":                    "fault id",
	"rbac":                    "fault id",
	"unit":                    "fault id rbac",
	"internal/text":           "fault",
	"audit":                   base,
	"workspace":               base + " audit",
	"miniprogram":             spaces,
	"member":                  spaces + " miniprogram",
	"qrcode":                  spaces + " miniprogram",
	"storage":                 domains,
	"storage/memory":          domains + " storage",
	"storage/internal/...":    domains + " storage storage/internal/sqlstore",
	"storage/sqlite":          domains + " storage storage/internal/sqlstore",
	"storage/storagetest":     domains + " storage",
	".":                       domains + " storage",
	"superapptest":            domains + " storage . storage/memory storage/storagetest",
	"rbac/internal/genmatrix": "",
	"rbac/internal/matrixdoc": "rbac",
	"internal/checks":         "",
	"internal/gen/...":        "fault",
	"internal/testkit":        hosts,
	"examples/...":            hosts,
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for dir, p := range packages(t) {
		allowed, ok := row(dir)
		if !ok {
			t.Errorf("package %s is not in mayImport: add it with what it may import", dir)
			continue
		}
		own, _ := p.imports()
		for imported := range own {
			if !slices.Contains(allowed, imported) {
				t.Errorf("package %s imports %s; mayImport gives it %v only: a domain asks its transaction for what is elsewhere", dir, imported, allowed)
			}
		}
	}
}

// row returns the line of mayImport for a folder.
func row(dir string) (allowed []string, ok bool) {
	list, ok := mayImport[dir]
	for at := dir; !ok && strings.Contains(at, "/"); {
		at = at[:strings.LastIndex(at, "/")]
		list, ok = mayImport[at+"/..."]
	}
	return strings.Fields(list), ok
}

func TestMayImportHasNoCycle(t *testing.T) {
	t.Parallel()
	var visit func(dir string, way []string)
	visit = func(dir string, way []string) {
		require.NotContains(t, way, dir, "%v leads back to %s", way, dir)
		allowed, _ := row(dir)
		for _, next := range allowed {
			if next != dir {
				visit(next, append(way, dir))
			}
		}
	}
	for dir := range mayImport {
		visit(strings.TrimSuffix(dir, "/..."), nil)
	}
}
