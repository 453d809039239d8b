package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/workspace"
)

//go:embed lifecycle.json
var builtIn []byte

// Data is what the story is about: lifecycle.json.
type Data struct {
	Wallet      Workspace   `json:"wallet"`
	Merchant    Workspace   `json:"merchant"`
	Features    []Feature   `json:"features"`
	MiniProgram MiniProgram `json:"mini_program"`
	// Versions are released one after the other; there are at least two, so that
	// the last can be rolled back.
	Versions []Version `json:"versions"`
	// Readers are what browsers say of the languages of those who look.
	Readers []string `json:"readers"`
	// Users is how many users ask which version they get.
	Users int `json:"users"`
}

// Workspace is the wallet, or the merchant who applies for a place there.
type Workspace struct {
	Name     string             `json:"name"`
	Business workspace.Business `json:"business"`
	Admin    Person             `json:"admin"`
	Reviewer Person             `json:"reviewer"`
}

// Person is an account of the host's.
type Person struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
}

// Feature is a feature of the wallet's catalogue.
type Feature struct {
	Name   string         `json:"name"`
	Access feature.Access `json:"access"`
	JSAPIs []string       `json:"jsapis"`
}

// MiniProgram is all that is said of the mini program; its name is that in the
// default language.
type MiniProgram struct {
	Type        miniprogram.Type      `json:"type"`
	Language    string                `json:"language"`
	Entrance    string                `json:"entrance"`
	Category    string                `json:"category"`
	Regions     []string              `json:"regions"`
	Contacts    []miniprogram.Contact `json:"contacts"`
	ClientID    string                `json:"client_id"`
	MerchantID  string                `json:"merchant_id"`
	Servers     []string              `json:"servers"`
	WebViews    []string              `json:"web_views"`
	Testers     []string              `json:"testers"`
	Information []Information         `json:"information"`
}

// Information is what is said of the mini program in one language.
type Information struct {
	Language    string   `json:"language"`
	Name        string   `json:"name"`
	Tagline     string   `json:"tagline"`
	Description string   `json:"description"`
	Keywords    []string `json:"keywords"`
}

// Version is a version that is uploaded and released step by step.
type Version struct {
	Number string            `json:"number"`
	JSAPIs []string          `json:"jsapis"`
	Notes  map[string]string `json:"notes"`
	// Percentages are the shares of the users who get it on its way to everybody.
	Percentages []int `json:"percentages"`
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
	var p fault.Problems
	if len(d.Versions) < 2 {
		p.Add("versions", "required", "want at least two, so that the last can be rolled back")
	}
	if len(d.MiniProgram.Information) == 0 || d.MiniProgram.Information[0].Language != d.MiniProgram.Language {
		p.Add("mini_program.information", "required", "want the default language first")
	}
	if d.Users < 1 || d.Users > 1_000_000 {
		p.Add("users", "not_allowed", "want 1 to 1,000,000")
	}
	return d, p.Err()
}
