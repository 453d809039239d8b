package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
)

// check finds what is wrong with the file as a whole: what is there twice, and
// what refers to something that is not there. Whether an e-mail address or a
// name is one, the platform itself knows best: see rehearse.
func (d *Data) check() error {
	c := checker{data: d, objects: unique{}, accounts: unique{}, emails: unique{}, files: unique{}}
	c.link()
	for _, w := range d.workspaces() {
		c.objects.add(&c.Problems, w.path+".name", string(w.Name))
		c.account(w.path+".admin", string(w.Admin.Account), w.Admin.Email)
		for i, mp := range w.MiniPrograms {
			c.objects.add(&c.Problems, fmt.Sprintf("%s.mini_programs[%d].name", w.path, i), string(mp.Name))
		}
	}
	for _, w := range d.workspaces() {
		for _, p := range w.People {
			c.person(w, p)
		}
	}
	for i, q := range d.Questions {
		c.question(fmt.Sprintf("questions[%d]", i), q)
	}
	c.oneOf("removal.merchant", "merchant", string(d.Removal.Merchant), names(d.Merchants, func(w Workspace) Name { return w.Name }))
	for i, q := range d.QRCodes {
		c.qrCode(fmt.Sprintf("qr_codes[%d]", i), q)
	}
	return c.Err()
}

// A checker collects what is wrong.
type checker struct {
	fault.Problems
	data *Data
	// objects are the workspaces and mini programs, which questions name.
	objects, accounts, emails, files unique
}

func (c *checker) link() {
	_, err := qrcode.HTTPS(c.data.Link).Link(qrcode.Target{})
	if bad, ok := errors.AsType[*fault.InvalidError](err); ok {
		c.Add("link", bad.Problems[0].Reason, bad.Problems[0].Detail)
	}
}

func (c *checker) account(path, account, email string) {
	c.accounts.add(&c.Problems, path+".account", account)
	c.emails.add(&c.Problems, path+".email", strings.ToLower(email))
}

func (c *checker) person(w *Workspace, p Person) {
	c.account(p.path, string(p.Account), p.Email)
	c.oneOf(p.path+".outcome", "outcome", string(p.Outcome), names(outcomes, func(o Outcome) Outcome { return o }))
	place := rbac.DeveloperPlace
	if w == &c.data.Wallet {
		place = rbac.TenantPlace
	}
	here := slices.DeleteFunc(rbac.Roles(), func(r rbac.RoleInfo) bool { return r.Place != place })
	c.oneOf(p.path+".role", "role", string(p.Role), names(here, func(r rbac.RoleInfo) rbac.Role { return r.Role }))

	// Why: a tenant's reviewers and operators may be assigned merchants' mini
	// programs, everybody else only those of his own workspace (M1).
	programs := w.MiniPrograms
	if info, _ := p.Role.Info(); info.Assignment == rbac.OptionalAssignment {
		programs = c.data.miniPrograms()
	}
	for i, mp := range p.MiniPrograms {
		c.oneOf(fmt.Sprintf("%s.mini_programs[%d]", p.path, i), "mini program", string(mp), names(programs, miniProgramName))
	}
}

func (c *checker) question(path string, q Question) {
	if _, known := c.accounts[string(q.Who)]; !known {
		c.Add(path+".who", "unknown", fmt.Sprintf("nobody has the account %q", q.Who))
	}
	if _, err := rbac.ParsePermission(q.May); err != nil {
		c.Add(path+".may", "unknown", err.Error())
	}
	if _, known := c.objects[string(q.On)]; !known {
		c.Add(path+".on", "unknown", fmt.Sprintf("no workspace or mini program is called %q", q.On))
	}
}

func (c *checker) qrCode(path string, q QRCode) {
	c.oneOf(path+".mini_program", "mini program", string(q.MiniProgram), names(c.data.miniPrograms(), miniProgramName))
	if !filepath.IsLocal(q.file()) || strings.ContainsAny(string(q.Name), `/\:*?"<>|`) {
		c.Add(path+".name", "not_allowed", "want a name that a file can have, without / and the like")
	}
	c.files.add(&c.Problems, path+".name", strings.ToLower(string(q.Name)))
}

// oneOf notes a problem unless the text is one of those that are known.
func (c *checker) oneOf(path, what, given string, known []string) {
	if !slices.Contains(known, given) {
		c.Add(path, "unknown", fmt.Sprintf("unknown %s %q; want one of %s", what, given, strings.Join(known, ", ")))
	}
}

// unique holds what stands once in the file, with the place.
type unique map[string]string

func (u unique) add(p *fault.Problems, path, value string) {
	switch first, taken := u[value]; {
	case value == "":
		p.Add(path, "required", "must not be empty")
	case taken:
		p.Add(path, "duplicate", fmt.Sprintf("%q stands at %s already", value, first))
	default:
		u[value] = path
	}
}

func (d *Data) miniPrograms() (all []MiniProgram) {
	for _, w := range d.workspaces() {
		all = append(all, w.MiniPrograms...)
	}
	return all
}

func miniProgramName(mp MiniProgram) Name { return mp.Name }

func names[T any, S ~string](all []T, name func(T) S) []string {
	texts := make([]string, len(all))
	for i, x := range all {
		texts[i] = string(name(x))
	}
	return texts
}
