package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/workspace"
)

//go:embed qrcodes.json
var builtIn []byte

// Data is what the codes are for: qrcodes.json.
type Data struct {
	Wallet      Workspace `json:"wallet"`
	Restaurant  Workspace `json:"restaurant"`
	MiniProgram string    `json:"mini_program"`
	// App is the word by which phones know the wallet's app.
	App string `json:"app"`
	// Short is where the links of short codes begin.
	Short  string `json:"short"`
	Tables Tables `json:"tables"`
	Brand  Brand  `json:"brand"`
	Window Window `json:"window"`
}

// Workspace is the wallet, or the restaurant.
type Workspace struct {
	Name     string             `json:"name"`
	Business workspace.Business `json:"business"`
	Admin    struct {
		Account id.Account `json:"account"`
		Name    string     `json:"name"`
	} `json:"admin"`
}

// Tables are numbered from 1; each passes its number to the page.
type Tables struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	Count int    `json:"count"`
	Page  string `json:"page"`
}

// Brand is how the house looks; colours are as in #7a1f1f.
type Brand struct {
	Dark    string `json:"dark"`
	Light   string `json:"light"`
	Caption string `json:"caption"`
}

// Page is a page of the mini program with its parameters.
type Page struct {
	Page   string         `json:"page"`
	Params []qrcode.Param `json:"params"`
}

// Window is the code whose target changes.
type Window struct {
	Name string `json:"name"`
	Page
	Later Page `json:"later"`
}

// load reads the file, or the one that is built in if file is "".
func load(file string) (*Data, error) {
	text := builtIn
	if file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	d := &Data{}
	read := json.NewDecoder(bytes.NewReader(text))
	read.DisallowUnknownFields()
	if err := read.Decode(d); err != nil {
		return nil, fault.Invalid("json", "malformed", err.Error())
	}
	if d.Tables.Count < 1 || d.Tables.Count > 1000 {
		return nil, fault.Invalid("tables.count", "not_allowed", "want 1 to 1000")
	}
	return d, nil
}
