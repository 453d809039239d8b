package memory

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"sync/atomic"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// The check index answers Facts, the question behind every permission check,
// many times faster than the trees do, and neither locks nor allocates.
//
// It holds what facts are made of in hash tables whose slots are a few words
// long and, but for those of own roles, hold no pointers: the garbage collector does not look into them, and
// a look-up touches one cache line. Ids of 16 bytes and accounts are replaced
// by references, numbers of 32 bits counted from 1, so that two of them make a
// key of one word:
//
//	objects      id                           -> owner, mini program, creator     one table for each kind
//	spaces       workspace                    -> id, tenant, status               a plain list
//	programs     mini program                 -> id                               a plain list
//	accounts     text                         -> account, number of memberships
//	memberships  account, workspace           -> role, member id, mini programs
//	holdings     account, program, workspace  -> what did not fit there
//	own          own role                     -> what it grants               a plain list, of pointers
//
// A query looks up the object, the account, and each membership. A membership
// stands where the hash of the account's text and its workspace tell, so that
// the processor can fetch it while it still compares the text. An empty slot
// reads as zeros, which mean "nothing" everywhere, so that no look-up has a case
// for what is not there.
//
// There is one writer, the Update that commits, and any number of readers. All
// words are atomic, and version makes the look-ups of one query consistent: it
// is odd while the writer is at work, and a reader who finds it odd, or changed
// at the end, throws away what he read, and the store asks the trees instead.
// So a reader never waits, not even for a writer that was stopped half way.
// What he throws away may be any mixture of old and new; all he must be sure
// of is to stay inside the slices, which masks see to.
//
// A table grows by publishing a copy of twice the size. Slots are never taken
// out: what ends, ends by a value that means nothing.
type checks struct {
	version atomic.Uint64
	seeds   [2]uint64

	objects     [rbac.KindLink + 1]slots[quad]
	spaces      list[quad]
	programs    list[pair]
	accounts    accounts
	memberships slots[octet]
	holdings    slots[pair]
	own         ownRoles
}

// What the words of a slot are; a|b is two numbers in one word, a in the upper
// half. Objects, spaces and programs begin with the two words of the id.
const (
	objectPlace   = 2 // owner | mini program
	objectCreator = 3 // account

	spaceState = 2 // tenant | known, status

	accountText   = 6 // words of text
	accountState  = 6 // length of the text | account
	accountPlaces = 7 // number of memberships

	membershipKey    = 0 // account | workspace
	membershipState  = 1 // hash of the account | known, more, role, presence
	membershipMember = 2 // two words
	membershipHeld   = 4 // the rest: mini program | known, team role; first, of an own role: 0 | its reference

	holdingKey   = 0 // account | mini program
	holdingState = 1 // workspace | known, team role
)

const (
	upper   = 32      // a number in the upper half is shifted by so much
	besides = 8       // and a role beside a presence by so much
	known   = 1 << 16 // tells what is there from zeros
	more    = 1 << 17 // some mini programs are among the holdings
)

func newChecks() *checks {
	c := &checks{seeds: [2]uint64{rand.Uint64(), rand.Uint64()}}
	for k := range c.objects {
		c.objects[k].init(1<<64-1, c.hash)
	}
	c.spaces.init()
	c.programs.init()
	c.own.init()
	c.accounts.init()
	c.memberships.init(0, func(key, state uint64) uint64 {
		_, space := halves(key)
		return c.hash(space, state>>upper)
	})
	c.holdings.init(1<<64-1<<upper, func(key, state uint64) uint64 {
		space, _ := halves(state)
		return c.hash(key, space)
	})
	return c
}

func (c *checks) hash(a, b uint64) uint64 {
	high, low := bits.Mul64(a^c.seeds[0], b^c.seeds[1])
	return high ^ low
}

// facts answers a query into f, which is zero; it reports false if a commit came
// in between, and f is of no use then.
func (c *checks) facts(q *rbac.Query, f *rbac.Facts) bool {
	version := c.version.Load()
	if version&1 != 0 {
		return false
	}
	c.read(q, f)
	return c.version.Load() == version
}

func (c *checks) read(q *rbac.Query, f *rbac.Facts) {
	if int(q.Object.Kind) >= len(c.objects) {
		return
	}
	a, b := split(q.Object.ID)
	object := c.objects[q.Object.Kind].find(c.hash(a, b), a, b)
	owner, program := halves(object[objectPlace].Load())
	space := c.spaces.at(owner)
	state := space[spaceState].Load()
	if state&known == 0 {
		return
	}
	tenant := state >> upper
	f.Found = true
	join(&f.Owner.UUID, &space[0], &space[1])
	f.OwnerStatus = rbac.WorkspaceStatus(state)
	above := c.spaces.at(tenant)
	join(&f.Tenant.UUID, &above[0], &above[1])
	f.TenantStatus = rbac.WorkspaceStatus(above[spaceState].Load())
	switch {
	case q.Object.Kind == rbac.KindMiniProgram:
		f.MiniProgram.UUID = q.Object.ID
	case program != 0:
		words := c.programs.at(program)
		join(&f.MiniProgram.UUID, &words[0], &words[1])
	}
	if q.Account == "" {
		return
	}
	hash := c.accounts.hash(string(q.Account))
	person := c.accounts.find(hash, string(q.Account))
	_, account := halves(person[accountState].Load())
	if account == 0 {
		return
	}
	f.Own = object[objectCreator].Load() == account
	places := person[accountPlaces].Load()
	if places == 0 {
		return
	}
	f.Team = c.membership(&f.Home, hash, account, owner, program)
	if f.Home.Presence != rbac.Absent {
		places--
	}
	// Why: most people are in one workspace only, and need not be sought again.
	if tenant != owner && places > 0 {
		c.membership(&f.Above, hash, account, tenant, program)
	}
}

// membership reads an account's place in a workspace, and returns its team role
// on a mini program.
func (c *checks) membership(m *rbac.Membership, hash, account, space, program uint64) rbac.RoleKey {
	found := c.memberships.find(c.hash(space, hash>>upper), account<<upper|space, 0)
	state := found[membershipState].Load()
	if state&known == 0 {
		return 0
	}
	join(&m.Member.UUID, &found[membershipMember], &found[membershipMember+1])
	m.Presence, m.Role = rbac.Presence(state), rbac.RoleKey(state>>besides)
	if m.Role == rbac.CustomKey {
		m.Custom = c.own.at(found[membershipHeld].Load())
		if m.Custom == nil {
			m.Role = 0
		}
	}
	if program == 0 {
		return 0
	}
	for i := membershipHeld; i < len(found); i++ {
		if held := found[i].Load(); held>>upper == program {
			m.Assigned = true
			return rbac.RoleKey(held)
		}
	}
	if state&more == 0 {
		return 0
	}
	held := c.holdings.find(c.hash(account<<upper|program, space), account<<upper|program, space<<upper)[holdingState].Load()
	m.Assigned = held&known != 0
	return rbac.RoleKey(held)
}

// split returns an id as two words, join writes it from them.
func split(u id.UUID) (a, b uint64) {
	return binary.LittleEndian.Uint64(u[:8]), binary.LittleEndian.Uint64(u[8:])
}

func join(u *id.UUID, a, b *atomic.Uint64) {
	binary.LittleEndian.PutUint64(u[:8], a.Load())
	binary.LittleEndian.PutUint64(u[8:], b.Load())
}

func halves(word uint64) (high, low uint64) { return word >> upper, word & (1<<upper - 1) }
