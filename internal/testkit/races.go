package testkit

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
)

// many is how many callers race.
const many = 24

// Races lets many callers use a verb at once and fails unless the rules hold
// that such races break first. Each caller has the platform over another one of
// the stores that open returns: several on one empty database, as
// storagetest.RunCluster has them, or just one. Each race has its own.
func Races(t *testing.T, open func(t *testing.T) []storage.Store) {
	t.Helper()
	for name, test := range map[string]func(*race){
		"of many who accept an invitation one gets in (M8)":          oneAccepts,
		"of accepting, resending and withdrawing one ends it (M8)":   oneEnds,
		"of many invitations to an address one is sent (M6)":         oneIsInvited,
		"of many invitations an account accepts one (M6)":            oneEnters,
		"of two admins who take each other away one remains (M12)":   oneRemains,
		"of many who are named first admin one enters (W5)":          oneIsFirst,
		"of many mini programs of a tenant one has a name (P7)":      oneHasTheName,
		"of many who decide or withdraw a request one ends it (V4)":  oneDecides,
		"of many who ask for a change of a workspace one does (W2)":  oneAsks,
		"of many applications of an account one is in review (W7)":   oneApplies,
		"of many submissions of a mini program one is reviewed (V3)": oneIsReviewed,
		"of many releases one is released (V5)":                      oneIsReleased,
		"of releasing and canceling one is done (V5)":                oneEndsTheRelease,
		"of many who come by a link as many as it says get in (M9)":  asManyEnter,
		"behind the revocation of a link nobody gets in (M9)":        noneEnterBehind,
		"of many changes in a workspace each is in the trail (E1)":   allAreNoted,
		"of many guesses of a password few are looked at (M14)":      fewAreTried,
		"what was done through one store holds through all":          holdsAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &race{T: t}
			stores := open(t)
			r.Kit = superapptest.New(t, &superapptest.Options{Store: stores[0], Platform: superapp.Options{
				Members: &member.Options{Recipient: member.UnsafeAnyAccount},
			}})
			for _, s := range stores {
				r.platforms = append(r.platforms, r.Over(s))
			}
			test(r)
			for _, w := range []id.Workspace{r.Tenant, r.Merchant} {
				_, err := r.Audit.Verify(t.Context(), superapptest.System, w)
				r.ok(err)
			}
		})
	}
}

// A race is a kit, whose platform is the first, and the platforms of those who
// race.
type race struct {
	*testing.T
	*superapptest.Kit
	platforms []*superapp.Platform
}

// run calls do from many goroutines at once, and returns which had no error.
// The errors of the others must be among those that are wanted.
func (r *race) run(do func(i int, p *superapp.Platform) error, want ...error) (won []int) {
	r.Helper()
	errs, start := make([]error, many), make(chan struct{})
	var callers sync.WaitGroup
	for i := range many {
		callers.Go(func() {
			<-start
			errs[i] = do(i, r.platforms[i%len(r.platforms)])
		})
	}
	close(start)
	callers.Wait()
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
		} else if !slices.ContainsFunc(want, func(w error) bool { return errors.Is(err, w) }) {
			r.Fatalf("caller %d: err = %v, want one of %v", i, err, want)
		}
	}
	return won
}

// one is run for what one caller may win.
func (r *race) one(do func(i int, p *superapp.Platform) error, want ...error) (winner int) {
	r.Helper()
	won := r.run(do, want...)
	r.same("how many won", len(won), 1)
	return won[0]
}

func (r *race) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("err = %v, want none", err)
	}
}

func (r *race) same(what string, got, want any) {
	r.Helper()
	if got != want {
		r.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func (r *race) get(m id.Member) member.Details {
	r.Helper()
	d, err := r.Members.Get(r.Context(), superapptest.System, m)
	r.ok(err)
	return d
}

// count counts the merchant's members in a status.
func (r *race) count(st member.Status) int {
	r.Helper()
	return len(Pages(r.T, page.MaxSize, func(req page.Request) (page.Page[member.Details], error) {
		return r.Members.List(r.Context(), superapptest.System, member.Filter{Workspace: r.Merchant, Statuses: []member.Status{st}}, req)
	}))
}

// events counts the events of a verb in the merchant's trail.
func (r *race) events(verb audit.Verb) (n int) {
	r.Helper()
	for _, e := range Pages(r.T, page.MaxSize, func(req page.Request) (page.Page[audit.Event], error) {
		return r.Audit.List(r.Context(), superapptest.System, audit.Filter{Workspace: r.Merchant}, req)
	}) {
		if e.Verb == verb {
			n++
		}
	}
	return n
}
