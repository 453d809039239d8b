package mapstore

import (
	"maps"
	"slices"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A state is everything that is stored. The records in it are never changed,
// only replaced, so that a copy of the maps is a copy of the state.
type state struct {
	workspaces map[id.Workspace]workspace.Workspace
	heads      map[id.Workspace]audit.Head
	events     map[place]audit.Event
	members    map[id.Member]member.Member
	tokens     map[[32]byte]token
	links      map[id.Link]member.Link
	linkTokens map[[32]byte]linkToken
	runs       map[run]member.Run
	runRows    map[runRow]id.Member
	programs   map[id.MiniProgram]program
	versions   map[id.Version]miniprogram.Version
	codes      map[id.QRCode]qrcode.Definition
	retargets  map[revision]qrcode.Retarget
	scans      map[id.QRCode]int64

	settings    map[id.Workspace]workspace.Settings
	requests    map[id.Request]approval.Request
	roles       map[id.Role]ownRole
	features    map[id.Feature]feature.Feature
	jsapis      map[id.JSAPI]feature.JSAPI
	profiles    map[id.MiniProgram]miniprogram.Profile
	information map[spoken]miniprogram.Information
	logos       map[id.MiniProgram][]byte
	attached    map[attachment]time.Time

	credentials map[id.Member]signin.Credential
	defaults    map[id.Workspace]signin.Default
	attempts    map[attempt]signin.Attempts
	handlers    map[string]bool
	delivered   map[pair]delivery.Progress
	dead        map[letter]delivery.DeadLetter
	denials     map[place]audit.Denial
}

// A spoken names what is said of a mini program in a language.
type spoken struct {
	program  id.MiniProgram
	language string
}

// An attachment is a feature that a mini program has.
type attachment struct {
	program id.MiniProgram
	feature id.Feature
}

// A revision names a target that a code had, or has.
type revision struct {
	code id.QRCode
	n    int
}

// A place is where an event stands.
type place struct {
	workspace id.Workspace
	seq       uint64
}

// A token is what is known of a token beside its hash.
type token struct {
	member     id.Member
	generation int
}

// A program is a mini program with the terms under which it is found.
type program struct {
	miniprogram.MiniProgram
	terms []string
}

func newProgram(p miniprogram.MiniProgram, terms []string) program {
	cut(&p.CreatedAt, &p.UpdatedAt, &p.UploadedAt)
	return program{p, slices.Clone(terms)}
}

func newState() *state {
	return &state{
		workspaces: map[id.Workspace]workspace.Workspace{},
		heads:      map[id.Workspace]audit.Head{},
		events:     map[place]audit.Event{},
		members:    map[id.Member]member.Member{},
		tokens:     map[[32]byte]token{},
		links:      map[id.Link]member.Link{},
		linkTokens: map[[32]byte]linkToken{},
		runs:       map[run]member.Run{},
		runRows:    map[runRow]id.Member{},
		programs:   map[id.MiniProgram]program{},
		versions:   map[id.Version]miniprogram.Version{},
		codes:      map[id.QRCode]qrcode.Definition{},
		retargets:  map[revision]qrcode.Retarget{},
		scans:      map[id.QRCode]int64{},

		settings:    map[id.Workspace]workspace.Settings{},
		requests:    map[id.Request]approval.Request{},
		roles:       map[id.Role]ownRole{},
		features:    map[id.Feature]feature.Feature{},
		jsapis:      map[id.JSAPI]feature.JSAPI{},
		profiles:    map[id.MiniProgram]miniprogram.Profile{},
		information: map[spoken]miniprogram.Information{},
		logos:       map[id.MiniProgram][]byte{},
		attached:    map[attachment]time.Time{},

		credentials: map[id.Member]signin.Credential{},
		defaults:    map[id.Workspace]signin.Default{},
		attempts:    map[attempt]signin.Attempts{},
		handlers:    map[string]bool{},
		delivered:   map[pair]delivery.Progress{},
		dead:        map[letter]delivery.DeadLetter{},
		denials:     map[place]audit.Denial{},
	}
}

func (s *state) clone() *state {
	return &state{
		workspaces: maps.Clone(s.workspaces),
		heads:      maps.Clone(s.heads),
		events:     maps.Clone(s.events),
		members:    maps.Clone(s.members),
		tokens:     maps.Clone(s.tokens),
		links:      maps.Clone(s.links),
		linkTokens: maps.Clone(s.linkTokens),
		runs:       maps.Clone(s.runs),
		runRows:    maps.Clone(s.runRows),
		programs:   maps.Clone(s.programs),
		versions:   maps.Clone(s.versions),
		codes:      maps.Clone(s.codes),
		retargets:  maps.Clone(s.retargets),
		scans:      maps.Clone(s.scans),

		settings:    maps.Clone(s.settings),
		requests:    maps.Clone(s.requests),
		roles:       maps.Clone(s.roles),
		features:    maps.Clone(s.features),
		jsapis:      maps.Clone(s.jsapis),
		profiles:    maps.Clone(s.profiles),
		information: maps.Clone(s.information),
		logos:       maps.Clone(s.logos),
		attached:    maps.Clone(s.attached),

		credentials: maps.Clone(s.credentials),
		defaults:    maps.Clone(s.defaults),
		attempts:    maps.Clone(s.attempts),
		handlers:    maps.Clone(s.handlers),
		delivered:   maps.Clone(s.delivered),
		dead:        maps.Clone(s.dead),
		denials:     maps.Clone(s.denials),
	}
}

// owner returns the workspace that owns an object, the mini program that the
// object is or belongs to, and who created it.
func (s *state) owner(o rbac.Object) (w workspace.Workspace, p id.MiniProgram, creator id.Account) {
	switch o.Kind {
	case rbac.KindWorkspace:
		return s.workspaces[id.Workspace{UUID: o.ID}], p, ""
	case rbac.KindMember:
		return s.workspaces[s.members[id.Member{UUID: o.ID}].Workspace], p, ""
	case rbac.KindLink:
		return s.workspaces[s.links[id.Link{UUID: o.ID}].Workspace], p, ""
	case rbac.KindMiniProgram:
		mp := s.programs[id.MiniProgram{UUID: o.ID}]
		return s.workspaces[mp.Workspace], mp.ID, mp.Creator
	case rbac.KindVersion:
		v := s.versions[id.Version{UUID: o.ID}]
		return s.workspaces[v.Workspace], v.MiniProgram, v.Uploader
	case rbac.KindQRCode:
		c := s.codes[id.QRCode{UUID: o.ID}]
		return s.workspaces[c.Workspace], c.MiniProgram, c.Creator
	case rbac.KindRequest:
		r := s.requests[id.Request{UUID: o.ID}]
		return s.workspaces[r.Workspace], r.MiniProgram, r.Submitter
	case rbac.KindRole:
		return s.workspaces[s.roles[id.Role{UUID: o.ID}].Workspace], p, ""
	case rbac.KindFeature:
		return s.workspaces[s.features[id.Feature{UUID: o.ID}].Tenant], p, ""
	case rbac.KindJSAPI:
		return s.workspaces[s.jsapis[id.JSAPI{UUID: o.ID}].Tenant], p, ""
	}
	return w, p, ""
}

// present returns the active or blocked member that the account is in the
// workspace, the zero value if it is none.
func (s *state) present(w id.Workspace, a id.Account) member.Member {
	for _, m := range s.members {
		if m.Account == a && m.Workspace == w && m.State.Present() {
			return m
		}
	}
	return member.Member{}
}

// pick returns copies of the wanted values in order, at most limit.
func pick[K comparable, V any](from map[K]V, limit int, want func(V) bool, order func(a, b V) int, clone func(V) V) []V {
	var found []V
	for _, v := range from {
		if want(v) {
			found = append(found, clone(v))
		}
	}
	slices.SortFunc(found, order)
	return found[:min(limit, len(found))]
}

// in reports whether a list selects a value; nil selects any.
func in[T comparable](list []T, v T) bool { return list == nil || slices.Contains(list, v) }

// is reports whether a field of a query selects a value; zero selects any.
func is[T comparable](field, v T) bool {
	var zero T
	return field == zero || field == v
}

// The copies of records, as they are stored: with slices and maps of their own,
// mini programs in order, and times cut.

func cloneMember(m member.Member) member.Member {
	m.Programs = slices.SortedFunc(slices.Values(m.Programs), byProgram)
	cut(&m.CreatedAt, &m.UpdatedAt, &m.JoinedAt, &m.Invitation.SentAt, &m.Invitation.ExpiresAt)
	return m
}

func byProgram(a, b rbac.HeldProgram) int { return a.MiniProgram.Compare(b.MiniProgram.UUID) }

// cut makes UTC microseconds of times (S5).
func cut(times ...*time.Time) {
	for _, t := range times {
		*t = unit.Time(*t)
	}
}

func cloneVersion(v miniprogram.Version) miniprogram.Version {
	v.JSAPIs, v.Notes, v.Progress = slices.Clone(v.JSAPIs), maps.Clone(v.Notes), slices.Clone(v.Progress)
	cut(&v.UploadedAt)
	for i := range v.Progress {
		cut(&v.Progress[i].At)
	}
	return v
}

func cloneEvent(e audit.Event) audit.Event {
	e.Data, e.Personal, e.Salt = slices.Clone(e.Data), slices.Clone(e.Personal), slices.Clone(e.Salt)
	cut(&e.At)
	return e
}

func cloneRequest(r approval.Request) approval.Request {
	r.Frozen = slices.Clone(r.Frozen)
	cut(&r.SubmittedAt, &r.EndedAt)
	return r
}

func cloneFeature(f feature.Feature) feature.Feature {
	f.JSAPIs, f.Shared = slices.Clone(f.JSAPIs), slices.Clone(f.Shared)
	cut(&f.CreatedAt, &f.UpdatedAt)
	return f
}

func cloneJSAPI(j feature.JSAPI) feature.JSAPI {
	j.Platforms = slices.Clone(j.Platforms)
	cut(&j.CreatedAt, &j.UpdatedAt)
	return j
}

func cloneInformation(i miniprogram.Information) miniprogram.Information {
	i.Keywords = slices.Clone(i.Keywords)
	return i
}

func cloneProfile(f miniprogram.Profile) miniprogram.Profile {
	f.Regions, f.Contacts = slices.Clone(f.Regions), slices.Clone(f.Contacts)
	c := &f.Configuration
	c.Servers, c.WebViews, c.Testers = slices.Clone(c.Servers), slices.Clone(c.WebViews), slices.Clone(c.Testers)
	return f
}
