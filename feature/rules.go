package feature

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
)

// The greatest lengths and numbers in a catalogue, lengths in characters.
const (
	// MaxJSAPI bounds the name of a JSAPI.
	MaxJSAPI = 128
	// MaxName bounds the name of a feature.
	MaxName        = 64
	MaxDescription = 500
	// MaxJSAPIs bounds the JSAPIs in a feature.
	MaxJSAPIs = 500
	// MaxShared bounds the workspaces that a feature is shared with.
	MaxShared = 500
)

// maxKey bounds a folded name in bytes: an index of every database takes it.
const maxKey = 1024

// A DefineJSAPI asks for a new JSAPI.
type DefineJSAPI struct {
	// Name is what mini programs call: 1 to [MaxJSAPI] ASCII letters, digits, dots,
	// hyphens and underscores. Capitals make another name.
	Name string
	// Description is at most [MaxDescription] characters; it may have several lines.
	Description string
	// Platforms are where it works, at least one.
	Platforms []Platform
}

// An EditJSAPI is what a JSAPI is to be from then on, all of it.
type EditJSAPI struct {
	Description string
	Platforms   []Platform
}

func (e EditJSAPI) check(p *fault.Problems) EditJSAPI {
	e.Description = text.Block(p, "description", e.Description, MaxDescription)
	for _, on := range e.Platforms {
		switch on {
		case Android, IOS, HarmonyOS:
		default:
			p.Add("platforms", "unknown", "want android, ios or harmonyos")
		}
	}
	if len(e.Platforms) == 0 {
		p.Add("platforms", "required", "want at least one of android, ios and harmonyos")
	}
	e.Platforms = sorted(e.Platforms)
	return e
}

// of returns the JSAPI as it is from then on.
func (e EditJSAPI) of(j JSAPI, now time.Time) JSAPI {
	j.Description, j.Platforms, j.UpdatedAt = e.Description, e.Platforms, now
	return j
}

// check returns the request as it is stored, or all that is wrong with it.
func (d DefineJSAPI) check() (DefineJSAPI, error) {
	var p fault.Problems
	checkJSAPI(&p, "name", d.Name)
	e := EditJSAPI{d.Description, d.Platforms}.check(&p)
	d.Description, d.Platforms = e.Description, e.Platforms
	return d, p.Err()
}

// checkJSAPI notes what is wrong with the name of a JSAPI.
func checkJSAPI(p *fault.Problems, field, name string) {
	switch {
	case name == "":
		p.Add(field, "required", "must not be empty")
	case len(name) > MaxJSAPI:
		p.Add(field, "too_long", fmt.Sprintf("want at most %d characters, got %d", MaxJSAPI, len(name)))
	case strings.ContainsFunc(name, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}):
		p.Add(field, "malformed", "want ASCII letters, digits, dots, hyphens and underscores")
	}
}

// A Define asks for a new feature.
type Define struct {
	// Name is one line of 1 to [MaxName] characters, unique in the tenant, compared
	// folded.
	Name string
	// Description is at most [MaxDescription] characters; it may have several lines.
	Description string
	// JSAPIs are the names of those in it, 1 to [MaxJSAPIs], all of the tenant's
	// catalogue.
	JSAPIs []string
	// Access is how a mini program gets it.
	Access Access
	// Shared are the developer workspaces of the tenant that see it, at most
	// [MaxShared]; nil means all. The tenant itself sees every feature: naming it
	// alone keeps a feature from everybody else.
	Shared []id.Workspace
}

// An Edit is what a feature is to be from then on, all of it.
type Edit Define

// check returns the request as it is stored, with the folded name, or all that is
// wrong with it.
func (d Define) check() (_ Define, key string, err error) {
	var p fault.Problems
	d.Name = text.Line(&p, "name", d.Name, 1, MaxName)
	key = text.Fold(d.Name)
	switch {
	case len(p) > 0:
	case key == "":
		p.Add("name", "malformed", "want at least one visible character")
	case len(key) > maxKey:
		p.Add("name", "too_long", fmt.Sprintf("want at most %d bytes with compatible characters written out, got %d", maxKey, len(key)))
	}
	d.Description = text.Block(&p, "description", d.Description, MaxDescription)
	switch n := len(d.JSAPIs); {
	case n == 0:
		p.Add("jsapis", "required", "want at least one")
	case n > MaxJSAPIs:
		p.Add("jsapis", "too_long", fmt.Sprintf("want at most %d, got %d", MaxJSAPIs, n))
	default:
		for i, name := range d.JSAPIs {
			checkJSAPI(&p, fmt.Sprintf("jsapis[%d]", i), name)
		}
	}
	if d.Access != Direct && d.Access != Activation {
		p.Add("access", "unknown", "want direct or activation")
	}
	switch n := len(d.Shared); {
	case n > MaxShared:
		p.Add("shared", "too_long", fmt.Sprintf("want at most %d, got %d", MaxShared, n))
	case n == 0 && d.Shared != nil:
		// Why: a list whose last name was taken out must not come to mean all.
		p.Add("shared", "required", "name a workspace, the tenant's own for none but itself, or give nil for all")
	}
	d.JSAPIs = sorted(d.JSAPIs)
	d.Shared = slices.Clone(d.Shared)
	slices.SortFunc(d.Shared, func(a, b id.Workspace) int { return a.Compare(b.UUID) })
	d.Shared = slices.Compact(d.Shared)
	return d, key, p.Err()
}

// lookup is what the catalogue is asked about the request.
func (d Define) lookup(tenant id.Workspace, f id.Feature, key string) Lookup {
	others := slices.DeleteFunc(slices.Clone(d.Shared), func(w id.Workspace) bool { return w == tenant })
	return Lookup{Tenant: tenant, Feature: f, Key: key, JSAPIs: d.JSAPIs, Workspaces: others}
}

// in decides whether a feature may be as the request says: what it names has to be
// of the tenant, and its name nobody else's.
func (d Define) in(l Lookup, found Found) error {
	var p fault.Problems
	for _, name := range l.JSAPIs {
		if !slices.Contains(found.JSAPIs, name) {
			p.Add("jsapis", "unknown", fmt.Sprintf("the catalogue has no JSAPI %q: define it first", name))
		}
	}
	for _, w := range l.Workspaces {
		if !slices.Contains(found.Workspaces, w) {
			p.Add("shared", "unknown", fmt.Sprintf("the tenant has no developer workspace %s", w))
		}
	}
	if err := p.Err(); err != nil {
		return err
	}
	if !found.Named.IsZero() && found.Named != l.Feature {
		return ErrNameTaken
	}
	return nil
}

// of returns the feature as it is from then on.
func (d Define) of(f Feature, key string, now time.Time) Feature {
	f.Name, f.NameKey, f.Description, f.JSAPIs = d.Name, key, d.Description, d.JSAPIs
	f.Access, f.Shared, f.UpdatedAt = d.Access, d.Shared, now
	return f
}

// same reports whether two states of a feature differ in their times alone.
func (f Feature) same(g Feature) bool {
	return f.Name == g.Name && f.Description == g.Description && f.Access == g.Access && f.Retired == g.Retired &&
		slices.Equal(f.JSAPIs, g.JSAPIs) && (f.Shared == nil) == (g.Shared == nil) && slices.Equal(f.Shared, g.Shared)
}

// SeenBy returns the feature as it is shown to a workspace of its tenant, and
// whether that sees it (F1). A developer workspace is not told who else does.
func (f Feature) SeenBy(w id.Workspace) (Feature, bool) {
	if w == f.Tenant || f.Shared == nil {
		return f, true
	}
	sees := slices.Contains(f.Shared, w)
	f.Shared = []id.Workspace{}
	if sees {
		f.Shared = append(f.Shared, w)
	}
	return f, sees
}

var (
	// ErrNotTenant is the error for a catalogue in a workspace that is not a
	// tenant's.
	ErrNotTenant = fault.Define(fault.ErrState, "feature.not_tenant", "only tenant workspaces have a catalogue")
	// ErrRetired is the error for attaching a retired feature, and for retiring one a
	// second time.
	ErrRetired = fault.Define(fault.ErrState, "feature.retired", "the feature was retired: restore it first")
	// ErrNotRetired is the error for restoring a feature that is not retired.
	ErrNotRetired = fault.Define(fault.ErrState, "feature.not_retired", "the feature is not retired")
)

// retire returns the feature as retired, or as not retired any more.
func (f Feature) retire(retired bool, now time.Time) (Feature, error) {
	switch {
	case f.Retired && retired:
		return f, ErrRetired
	case !f.Retired && !retired:
		return f, ErrNotRetired
	}
	f.Retired, f.UpdatedAt = retired, now
	return f, nil
}

// sorted returns a sorted copy, each once.
func sorted[S ~string](all []S) []S {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}
