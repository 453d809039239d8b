package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// file writes a file and returns its path.
func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// changed returns the path of platform.json with a change.
func changed(t *testing.T, old, new string) string {
	t.Helper()
	require.Contains(t, string(builtIn), old)
	return file(t, strings.Replace(string(builtIn), old, new, 1))
}

func TestBadFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		old, new string
		want     string
	}{
		// The form of the file.
		{"no JSON", "{", "[", "line 2, column 9: invalid character ':' after array element"},
		{"comma too many", `"moved to another wallet"}`, `"moved to another wallet",}`, `line 88, column 76: invalid character '}'`},
		{"cut off", "\n  ]\n}", "\n  ]", "unexpected end of JSON input"},
		{"something behind", "\n  ]\n}", "\n  ]\n} x", "line 92, column 3: invalid character 'x' after top-level value"},
		{"no UTF-8", "Tan Mei Lin", "Tan Mei L\xefn", "line 8, column 35: want valid UTF-8"},
		{"no object", `"removal": {`, `"removal": "none", "x": {`, "removal: want an object, got a text"},
		{"no list", `"versions": ["3.0.0"]`, `"versions": "3.0.0"`, "wallet.mini_programs[0].versions: want a list, got a text"},
		{"no text", `["3.0.0"]`, `[3]`, "wallet.mini_programs[0].versions[0]: want a text, got a number"},
		{"null", `"3.0.0"`, `null`, "wallet.mini_programs[0].versions[0]: want a text, got null"},
		{"unknown field", `"account": "li.na", "name"`, `"account": "li.na", "nmae"`, "merchants[0].people[0].nmae: unknown field; want one of account, name, email, role, mini_programs, outcome"},
		{"field in capitals", `"link"`, `"Link"`, "Link: unknown field"},
		{"field twice", `"page": "pages/menu"`, `"page": "pages/menu", "page": "pages/menu"`, "qr_codes[0].page: the field stands twice"},

		// What the file as a whole must keep.
		{"bad link", `https://lanternpay.example/open`, `http://lanternpay.example/open`, "link: an https address"},
		{"unknown role", `"role": "developer"`, `"role": "develper"`, `merchants[0].people[0].role: unknown role "develper"; want one of developer_admin, developer, operator`},
		{"role of the other kind", `"role": "developer"`, `"role": "workspace_reviewer"`, `unknown role "workspace_reviewer"; want one of developer_admin,`},
		{"unknown outcome", `"outcome": "resent"`, `"outcome": "expired"`, `wallet.people[2].outcome: unknown outcome "expired"; want one of accepted, withdrawn, resent, blocked, unblocked`},
		{"account twice", `"account": "priya.menon"`, `"account": "li.na"`, `merchants[0].people[2].account: "li.na" stands at merchants[0].people[0].account already`},
		{"e-mail twice", `priya.menon@oldtown`, `Li.Na@oldtown`, `merchants[0].people[2].email: "li.na@oldtown.example" stands at merchants[0].people[0].email already`},
		{"name twice", `"name": "Kopi Lane"`, `"name": "Bills & Top-up"`, `merchants[1].name: "Bills & Top-up" stands at wallet.mini_programs[0].name already`},
		{"same name in another form", `"name": "Kopi Lane"`, `"name": " CityRide "`, `merchants[2].name: "CityRide" stands at merchants[1].name already`},
		{"no account", `"account": "siti.rahma"`, `"account": ""`, "merchants[1].admin.account: must not be empty"},
		{"mini program of another", `"mini_programs": ["Pesan Kopi"]`, `"mini_programs": ["老城外卖"]`, `merchants[1].people[0].mini_programs[0]: unknown mini program "老城外卖"; want one of Pesan Kopi`},
		{"question by nobody", `"who": "chen.yulan"`, `"who": "chen"`, `questions[3].who: nobody has the account "chen"`},
		{"question about no right", `"may": "version.upload"`, `"may": "version.uplod"`, `questions[0].may: unknown permission "version.uplod": did you mean version.upload`},
		{"question about nothing", `"on": "Kopi Lane"`, `"on": "Kopi"`, `questions[6].on: no workspace or mini program is called "Kopi"`},
		{"removal of nobody", `{"merchant": "Kopi Lane"`, `{"merchant": "Lantern Pay"`, `removal.merchant: unknown merchant "Lantern Pay"; want one of Old Town Noodles, Kopi Lane, CityRide`},
		{"QR code for nothing", `"mini_program": "老城外卖"`, `"mini_program": "老城"`, `qr_codes[0].mini_program: unknown mini program "老城"`},
		{"picture elsewhere", `"name": "table-7"`, `"name": "../table-7"`, "qr_codes[0].name: want a name that a file can have"},

		// What the platform refuses, found by the rehearsal.
		{"no address", `"address": "18 Harbour Road, Singapore 099253"`, `"address": " "`, "wallet.business.address: must not be empty"},
		{"field of the other kind", `"representative": "Tan Mei Lin"`, `"company": "Lantern Pay Ltd", "representative": "Tan Mei Lin"`, "wallet.business.company: a tenant workspace has a representative instead"},
		{"admin without name", `"name": "Siti Rahma"`, `"name": ""`, "merchants[1].admin.name: must not be empty"},
		{"no e-mail", `"li.na@oldtown.example"`, `"li.na"`, "merchants[0].people[0].email: want an e-mail address like dee@example.com"},
		{"name on two lines", `"name": "Priya Menon"`, `"name": "Priya\nMenon"`, "merchants[0].people[2].name: want one line"},
		{"role without mini programs", `"mini_programs": ["Pesan Kopi"]`, `"mini_programs": []`, "merchants[1].people[0].mini_programs: operator needs at least one assigned mini program"},
		{"unknown type", `"type": "h5"`, `"type": "flash"`, "merchants[0].mini_programs[1].type: want dsl or h5"},
		{"unknown language", `"language": "th"`, `"language": "thai-language"`, "merchants[2].mini_programs[0].language: "},
		{"short name", `"name": "Bills & Top-up", "type"`, `"name": "老", "type"`, "wallet.mini_programs[0].name: want at least 3 characters, got 2"},
		{"no version", `"0.9.0"`, `"v0.9"`, "merchants[2].mini_programs[0].versions[0].number: want a semantic version such as 1.4.0"},
		{"no reason", `"moved to another wallet"`, `""`, "removal.reason: must not be empty"},
		{"page with query", `"page": "pages/menu"`, `"page": "pages/menu?table=7"`, `qr_codes[0].page: a path without "?" and "#"`},
		{"parameter twice", `"key": "place"`, `"key": "table"`, "qr_codes[0].params[1].key: another parameter has this key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := changed(t, c.old, c.new)
			if c.name == "short name" { // who refers to it has to as well
				text, err := os.ReadFile(name)
				require.NoError(t, err)
				name = file(t, strings.ReplaceAll(string(text), `["Bills & Top-up"]`, `["老"]`))
			}
			dir := filepath.Join(t.TempDir(), "data")
			out, errs := start(t, 2, "-dir", dir, "-data", name)
			require.Contains(t, errs, "quickstart: "+name+": ")
			require.Contains(t, errs, c.want)
			require.Empty(t, out)
			require.NoDirExists(t, dir, "nothing is stored")
		})
	}
}

func TestBadFileTellsEverything(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer(`"role": "developer"`, `"role": "dev"`, `"outcome": "resent"`, `"outcome": "?"`).Replace(string(builtIn))
	_, errs := start(t, 2, "-dir", t.TempDir(), "-data", file(t, text))
	require.Equal(t, 6, strings.Count(errs, "\n"), errs)
}
