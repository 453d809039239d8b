package schema

import (
	"bytes"
	"database/sql"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// A shop in the migrations of two engines.
const (
	shopSQLite = `-- Those who sell.
-- And buy.
CREATE TABLE {shop} (
	id   BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	name TEXT    NOT NULL,
	open INTEGER CHECK (open IN (0, 1)),
	CHECK (name <> id)
) STRICT;
CREATE UNIQUE INDEX {.shop_name} ON {shop} (name) WHERE open
	IS NOT NULL;

-- What is sold.
CREATE TABLE {ware} (
	shop_id BLOB    NOT NULL REFERENCES {shop} (id),
	unit  INTEGER NOT NULL,
	taken   TEXT    GENERATED ALWAYS AS (CASE WHEN unit > 0 THEN 'yes' END) VIRTUAL,
	PRIMARY KEY (shop_id, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX {.ware_by_unit} ON {ware} (unit, shop_id DESC);
CREATE INDEX {.ware_by_shop} ON {ware} (shop_id);
ALTER TABLE {ware} ADD COLUMN note TEXT;
`
	shopMySQL = `CREATE TABLE {shop} (
	id   BINARY(16)   NOT NULL PRIMARY KEY,
	name VARCHAR(255) NOT NULL,
	open BOOLEAN               COMMENT 'since when',
	till INT
) ENGINE = InnoDB;
CREATE TABLE {ware} (
	shop_id BINARY(16) NOT NULL,
	unit  INT        NOT NULL,
	taken   VARCHAR(3) GENERATED ALWAYS AS (CASE WHEN unit > 0 THEN 'yes' END) STORED
		COMMENT 'unit',
	PRIMARY KEY (shop_id, unit),
	KEY {.ware_by_unit} (unit),
	CONSTRAINT {.ware_of_shop} FOREIGN KEY (shop_id) REFERENCES {shop} (id)
) ENGINE = InnoDB;
COMMENT ON COLUMN {shop}.name IS 'the owner''s';
ALTER TABLE {ware} ADD COLUMN note VARCHAR(9);
`
)

func engines(t *testing.T, texts ...string) (all []Engine) {
	t.Helper()
	for i, text := range texts {
		e, err := Migrations([]string{"SQLite", "MySQL"}[i], fstest.MapFS{"0001_shop.sql": {Data: []byte(text)}})
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}

// shop opens a database with the tables, of which the statements are noted.
func shop(t *testing.T, seen *[]Statement) *sql.DB {
	t.Helper()
	plain, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	require.NoError(t, plain.Close())
	db := Record(plain.Driver(), filepath.Join(t.TempDir(), "shop.db"), seen)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), braces.ReplaceAllString(shopSQLite, "$1"))
	require.NoError(t, err)
	return db
}

func TestRead(t *testing.T) {
	t.Parallel()
	var seen []Statement
	tables, err := Read(t.Context(), shop(t, &seen), engines(t, shopSQLite, shopMySQL))
	require.NoError(t, err)
	require.Equal(t, []Table{
		{
			Name: "shop", Comment: "Those who sell.\nAnd buy.", Key: "id",
			Columns: []Column{
				{Name: "id", Type: "BLOB", Key: true, Rule: "CHECK (length(id) = 16)"},
				{Name: "name", Type: "TEXT", Comment: "the owner's"},
				{Name: "open", Type: "INTEGER", Null: true, Rule: "CHECK (open IN (0, 1))"},
			},
			Indexes: []Index{{Name: "shop_name", Columns: "name", Unique: true, Where: "open IS NOT NULL"}},
			Checks:  []string{"CHECK (name <> id)"},
		},
		{
			Name: "ware", Comment: "What is sold.", Key: "shop_id, unit",
			Columns: []Column{
				{Name: "shop_id", Type: "BLOB", Key: true},
				{Name: "unit", Type: "INTEGER", Key: true},
				{Name: "taken", Type: "TEXT", Null: true, Rule: "GENERATED ALWAYS AS (CASE WHEN unit > 0 THEN 'yes' END) VIRTUAL"},
				{Name: "note", Type: "TEXT", Null: true},
			},
			Indexes:    []Index{{Name: "ware_by_unit", Columns: "unit, shop_id DESC"}, {Name: "ware_by_shop", Columns: "shop_id"}},
			References: []Reference{{"shop_id", "shop", "id"}},
		},
	}, tables)

	for name, broken := range map[string][2]string{
		"table ware: want a comment above it":                               {strings.Replace(shopSQLite, "-- What is sold.\n", "", 1), shopMySQL},
		"table ware: the migrations for MySQL have no line for column note": {shopSQLite, shopMySQL[:strings.Index(shopMySQL, "ALTER")]},
	} {
		_, err := Read(t.Context(), shop(t, &seen), engines(t, broken[0], broken[1]))
		require.ErrorContains(t, err, name)
	}
}

func TestUse(t *testing.T) {
	t.Parallel()
	var seen []Statement
	db := shop(t, &seen)
	tables, err := Read(t.Context(), db, engines(t, shopSQLite, shopMySQL))
	require.NoError(t, err)
	for statement, want := range map[string]use{
		"SELECT s.name FROM shop AS s WHERE s.id = x'00'":                                                               {set{"shop": true}, set{}, set{}, set{"shop": true}},
		"SELECT 1 FROM ware AS w JOIN shop AS s ON s.id = w.shop_id WHERE w.unit = 1":                                   {set{"shop": true, "ware": true}, set{}, set{"ware_by_unit": true}, set{"shop": true}},
		"INSERT INTO shop (id, name) SELECT w.note, '' FROM ware AS w WHERE 0 ON CONFLICT (id) DO UPDATE SET name = ''": {set{"ware": true}, set{"shop": true}, set{}, set{}},
		"UPDATE ware SET note = '' WHERE shop_id = x'00' AND unit = 1":                                                  {set{}, set{"ware": true}, set{}, set{"ware": true}},
		"DELETE FROM ware WHERE unit = 1":                                                                               {set{}, set{"ware": true}, set{"ware_by_unit": true}, set{}},
		"SELECT count(*) FROM pragma_table_list":                                                                        {set{}, set{}, set{}, set{}},
	} {
		seen = nil
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
		require.Len(t, seen, 1)
		got, err := Verb{"Shop.Sell", seen}.use(tables)
		require.NoError(t, err)
		require.Equal(t, want, got, "%s %v", statement, seen[0].Plan)
	}
	_, err = Verb{"Shop.Sell", []Statement{{SQL: "SELECT 1 FROM shop AS s WHERE EXISTS (SELECT 1 FROM ware AS s)"}}}.use(tables)
	require.ErrorContains(t, err, "Shop.Sell calls two tables s")
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	var seen []Statement
	all := engines(t, shopSQLite, shopMySQL)
	tables, err := Read(t.Context(), shop(t, &seen), all)
	require.NoError(t, err)
	verbs := []Verb{{Name: "Shop.Rest"}}
	for _, name := range []string{"Shop.Find", "Shop.Sell", "Till.Open"} {
		verbs = append(verbs, Verb{name, []Statement{{"SELECT 1 FROM shop AS s WHERE s.id = ?", []string{"SEARCH s USING INDEX sqlite_autoindex_shop_1 (id=?)"}}}})
	}
	text, err := Markdown(tables, all, verbs)
	require.NoError(t, err)
	for _, want := range []string{
		"| key | `id` | unique | Shop: Find, Sell; Till: Open |",
		"| `shop_name` | `name` | unique, `open IS NOT NULL` | none: it keeps rows unique |",
		"| `ware_by_shop` | `shop_id` |  | none: it serves the foreign key |",
		"| `ware_by_unit` | `unit, shop_id DESC` |  | **none** |",
		"| Shop.Find | `shop` |  | key of `shop` |",
		"| `shop_id` | BLOB | key, → [shop](#shop) |  |",
		"| BLOB | BINARY(16) | `id`, `shop_id` |",
		"| TEXT | VARCHAR(n) | `name`, `note`, `taken` |",
		"Only on MySQL: `shop.till`.",
		"| `ware_by_unit` | unit, shop_id DESC | unit |",
	} {
		require.Contains(t, string(text), want+"\n")
	}
	require.NotContains(t, string(text), "Rest")
}

// TestPicture draws tables that refer to each other at random.
func TestPicture(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		tables := make([]Table, 1+random.IntN(12))
		for i := range tables {
			tables[i].Name = fmt.Sprintf("table_%d", i)
			for c := range 1 + random.IntN(9) {
				column := fmt.Sprintf("column_%d", c)
				tables[i].Columns = append(tables[i].Columns, Column{Name: column, Key: c == 0})
				if random.IntN(3) == 0 {
					tables[i].References = append(tables[i].References, Reference{column, fmt.Sprintf("table_%d", random.IntN(i+1)), "column_0"})
				}
			}
		}
		l := arrange(tables)
		for _, n := range l.lines {
			for i, p := range n.points[1:] {
				q := n.points[i]
				require.True(t, p.x == q.x || p.y == q.y, "a line goes across or down")
				require.True(t, p.x > 0 && p.x < l.width && p.y > 0 && p.y < l.height, "a line leaves the picture")
				for _, b := range l.boxes {
					require.False(t, max(p.x, q.x) > b.x && min(p.x, q.x) < b.x+b.w && max(p.y, q.y) > b.y && min(p.y, q.y) < b.y+b.h,
						"seed %d: a line to %s crosses %s", seed, n.target, b.Name)
				}
			}
		}
		for i, b := range l.boxes {
			require.True(t, b.x >= 0 && b.x+b.w <= l.width && b.y >= 0 && b.y+b.h <= l.height)
			for _, c := range l.boxes[:i] {
				require.True(t, b.x >= c.x+c.w || c.x >= b.x+b.w || b.y >= c.y+c.h || c.y >= b.y+b.h, "seed %d: %s lies on %s", seed, b.Name, c.Name)
			}
		}

		picture := Picture(tables)
		require.Equal(t, picture, Picture(tables))
		shown := 0
		for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			if text, ok := token.(xml.CharData); ok && strings.HasPrefix(string(text), "column_") {
				shown++
			}
		}
		columns := 0
		for _, table := range tables {
			columns += len(table.Columns)
		}
		require.Equal(t, columns, shown)
	}
}
