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
	spaces  = base + " audit approval workspace"
	domains = spaces + " feature miniprogram member role qrcode signin delivery"
	stores  = domains + " storage storage/memory storage/sqlite storage/postgres storage/mysql"
	hosts   = stores + " . delivery/webhook qrcode/qrhttp qrcode/scan signin/argon2id superapptest storage/storagetest words letter letter/smtp letter/lettertest"
)

// mayImport says which packages of this module each package may import, by
// folder; "x/..." stands for every folder below x. A domain imports neither
// storage, nor a store, nor a domain to its left in docs/design.md.
var mayImport = map[string]string{
	"fault":                       "",
	"id":                          "fault",
	"page":                        "fault id",
	"rbac":                        "fault id",
	"unit":                        "fault id rbac",
	"internal/text":               "fault",
	"audit":                       base,
	"approval":                    base + " audit",
	"delivery":                    base + " audit",
	"delivery/webhook":            base + " audit delivery",
	"workspace":                   base + " audit approval",
	"feature":                     spaces,
	"miniprogram":                 spaces + " feature",
	"member":                      spaces + " feature miniprogram",
	"role":                        spaces + " feature miniprogram member",
	"signin":                      spaces + " feature miniprogram member",
	"signin/argon2id":             spaces + " feature miniprogram member signin",
	"qrcode":                      spaces + " feature miniprogram qrcode/internal/symbol qrcode/internal/archive",
	"qrcode/internal/symbol":      "",
	"qrcode/internal/archive":     "",
	"qrcode/internal/bench":       "qrcode qrcode/internal/symbol",
	"qrcode/scan":                 "fault",
	"qrcode/qrhttp":               spaces + " feature miniprogram qrcode",
	"letter":                      domains + " . words",
	"letter/smtp":                 "fault letter",
	"letter/lettertest":           "letter",
	"words":                       "fault rbac approval workspace miniprogram member role signin",
	"internal/gen/letterpictures": "approval letter rbac",
	"storage":                     domains,
	"storage/memory":              domains + " storage",
	"storage/internal/...":        domains + " storage storage/internal/sqlstore",
	"storage/sqlite":              domains + " storage storage/internal/sqlstore",
	"storage/postgres":            domains + " storage storage/internal/sqlstore",
	"storage/mysql":               domains + " storage storage/internal/sqlstore",
	"storage/storagetest":         domains + " storage",
	".":                           domains + " storage",
	"superapptest":                domains + " storage . storage/memory storage/storagetest",
	"rbac/internal/genmatrix":     "",
	"rbac/internal/matrixdoc":     "rbac",
	"internal/checks":             "",
	"internal/dbtest":             "",
	"internal/galera":             "",
	"internal/gen/...":            "fault",
	"internal/gen/transitions":    "miniprogram rbac",
	"internal/gen/qrpictures":     "qrcode",
	"internal/testkit":            hosts + " internal/dbtest",
	"examples/...":                hosts,
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
