package main

import (
	_ "embed"
	"fmt"
	"iter"
	"os"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

//go:embed platform.json
var builtIn []byte

// Data is who and what the story is about: the content of platform.json.
type Data struct {
	// Link is the address of the web page that QR codes lead to.
	Link      string      `json:"link"`
	Wallet    Workspace   `json:"wallet"`
	Merchants []Workspace `json:"merchants"`
	Questions []Question  `json:"questions"`
	Removal   Removal     `json:"removal"`
	QRCodes   []QRCode    `json:"qr_codes"`
}

// Workspace is the wallet or a merchant.
type Workspace struct {
	Name         Name               `json:"name"`
	Business     workspace.Business `json:"business"`
	Admin        Admin              `json:"admin"`
	MiniPrograms []MiniProgram      `json:"mini_programs"`
	People       []Person           `json:"people"`

	path string // where it stands in the file
}

// Admin is the first admin of a workspace.
type Admin struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Email   string     `json:"email"`
}

// actor is the admin as whoever acts.
func (a Admin) actor() rbac.Actor { return rbac.User(a.Account) }

// MiniProgram is a mini program and the numbers of the versions that its
// workspace's admin uploads.
type MiniProgram struct {
	Name     Name             `json:"name"`
	Type     miniprogram.Type `json:"type"`
	Language string           `json:"language"`
	Versions []string         `json:"versions"`
}

// Person is somebody who is invited.
type Person struct {
	Account      id.Account `json:"account"`
	Name         string     `json:"name"`
	Email        string     `json:"email"`
	Role         rbac.Role  `json:"role"`
	MiniPrograms []Name     `json:"mini_programs"`
	Outcome      Outcome    `json:"outcome"`

	path string
}

// Outcome is what comes of an invitation.
type Outcome string

// The outcomes.
const (
	Accepted  Outcome = "accepted"
	Withdrawn Outcome = "withdrawn"
	Resent    Outcome = "resent"    // after it expired
	Blocked   Outcome = "blocked"   // after it was accepted
	Unblocked Outcome = "unblocked" // after that
)

var outcomes = []Outcome{Accepted, Withdrawn, Resent, Blocked, Unblocked}

// Question asks whether an account may do something to a workspace or a mini
// program.
type Question struct {
	Who id.Account `json:"who"`
	May string     `json:"may"`
	On  Name       `json:"on"`
}

// Removal names the merchant whose removal is tried.
type Removal struct {
	Merchant Name   `json:"merchant"`
	Reason   string `json:"reason"`
}

// QRCode is a QR code; its name is also that of the picture.
type QRCode struct {
	Name        Name           `json:"name"`
	MiniProgram Name           `json:"mini_program"`
	Page        string         `json:"page"`
	Params      []qrcode.Param `json:"params"`
}

func (c QRCode) file() string { return string(c.Name) + ".png" }

// A Name is that of a workspace, mini program or QR code, by which a later run
// finds it again: so it is read in the form in which the platform stores it,
// trimmed and in NFC.
type Name string

// UnmarshalText reads a name.
func (n *Name) UnmarshalText(text []byte) error {
	*n = Name(norm.NFC.String(strings.TrimSpace(string(text))))
	return nil
}

// workspaces returns the wallet and the merchants.
func (d *Data) workspaces() []*Workspace {
	all := []*Workspace{&d.Wallet}
	for i := range d.Merchants {
		all = append(all, &d.Merchants[i])
	}
	return all
}

// everybody returns whoever is invited, with the workspace.
func (d *Data) everybody() iter.Seq2[*Workspace, *Person] {
	return func(yield func(*Workspace, *Person) bool) {
		for _, w := range d.workspaces() {
			for i := range w.People {
				if !yield(w, &w.People[i]) {
					return
				}
			}
		}
	}
}

// locate notes where everything stands in the file, so that an error can tell.
func (d *Data) locate() {
	d.Wallet.path = "wallet"
	for i := range d.Merchants {
		d.Merchants[i].path = fmt.Sprintf("merchants[%d]", i)
	}
	for _, w := range d.workspaces() {
		for i := range w.People {
			w.People[i].path = fmt.Sprintf("%s.people[%d]", w.path, i)
		}
	}
}

// load reads the file, or the one that is built in if file is "". The error is
// a *fault.InvalidError with everything that is wrong in it.
func load(file string) (*Data, error) {
	text := builtIn
	if file != "" {
		var err error
		if text, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	d := &Data{}
	if err := decode(text, d); err != nil {
		return nil, err
	}
	d.locate()
	return d, d.check()
}
