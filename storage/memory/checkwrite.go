package memory

import (
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// begin makes readers ask the trees until end.
func (c *checks) begin() { c.version.Add(1) }

func (c *checks) end() { c.version.Add(1) }

// apply takes in a commit: what changed, as it was before and is after. An
// object may stand in the list several times.
func (c *checks) apply(before, after *state, changed []rbac.Object) {
	// Why: memberships end first, since an account may have left and come back
	// under another record in the same unit.
	for _, o := range changed {
		if o.Kind == rbac.KindMember {
			if m := before.members.get(o.ID); m != nil {
				c.leave(m)
			}
		}
	}
	for _, o := range changed {
		switch o.Kind {
		case rbac.KindWorkspace:
			w := after.workspaces.get(o.ID)
			state := c.space(w.Tenant)<<upper | known | uint64(w.Status)
			c.spaces.at(c.space(w.ID))[spaceState].Store(state)
		case rbac.KindRole:
			now := after.roles.get(o.ID)
			c.own.set(o.ID, now)
			place := uint64(0)
			if now != nil {
				place = c.space(now.Workspace) << upper
			}
			c.object(o)[objectPlace].Store(place)
		case rbac.KindMember:
			m := after.members.get(o.ID)
			c.object(o)[objectPlace].Store(c.space(m.Workspace) << upper)
			c.enter(m)
		default:
			owner, program, creator := after.owner(o)
			object := c.object(o)
			object[objectCreator].Store(c.account(creator))
			object[objectPlace].Store(c.space(owner.ID)<<upper | c.program(program))
		}
	}
}

// enter writes a membership and what it holds, if the member is present.
func (c *checks) enter(m *member.Member) {
	if presentKey(m) == (word{}) {
		return
	}
	found, person, account, space := c.place(m)
	if found[membershipState].Load()&known == 0 {
		person[accountPlaces].Add(1)
	}
	key, first := m.Role.Key(), firstHeld(m)
	if key == 0 {
		key = rbac.CustomKey
		found[membershipHeld].Store(c.own.ref(m.Workspace, m.Role))
	}
	state := known | uint64(key)<<besides | uint64(presence(m))
	for i, h := range m.Programs {
		program, team := c.program(h.MiniProgram), known|uint64(h.Team)
		if at := first + i; at < len(found) {
			found[at].Store(program<<upper | team)
		} else {
			state |= more
			c.holding(account, space, program)[holdingState].Store(space<<upper | team)
		}
	}
	a, b := split(m.ID.UUID)
	found[membershipMember].Store(a)
	found[membershipMember+1].Store(b)
	found[membershipState].Or(state)
}

// leave takes back what enter wrote.
func (c *checks) leave(m *member.Member) {
	if presentKey(m) == (word{}) {
		return
	}
	found, person, account, space := c.place(m)
	state := found[membershipState].Load()
	if state&known == 0 {
		return
	}
	person[accountPlaces].Add(^uint64(0))
	hash, _ := halves(state)
	found[membershipState].Store(hash << upper)
	for i := membershipMember; i < len(found); i++ {
		found[i].Store(0)
	}
	for _, h := range m.Programs[min(len(m.Programs), len(found)-firstHeld(m)):] {
		c.holding(account, space, c.program(h.MiniProgram))[holdingState].Store(space << upper)
	}
}

// firstHeld returns the first word of a membership that holds a mini program:
// that before it is the reference of an own role.
func firstHeld(m *member.Member) int {
	if m.Role.Key() == 0 {
		return membershipHeld + 1
	}
	return membershipHeld
}

// place returns the slots of a member's membership and account, which it makes
// if there are none, and the references of account and workspace.
func (c *checks) place(m *member.Member) (found, person *octet, account, space uint64) {
	text := string(m.Account)
	hash := c.accounts.hash(text)
	person, space = c.accounts.put(hash, text), c.space(m.Workspace)
	_, account = halves(person[accountState].Load())
	hash >>= upper
	found = c.memberships.put(c.hash(space, hash), account<<upper|space, 0)
	found[membershipState].Or(hash << upper)
	return found, person, account, space
}

func (c *checks) holding(account, space, program uint64) *pair {
	key := account<<upper | program
	return c.holdings.put(c.hash(key, space), key, space<<upper)
}

// account returns the reference of an account, a new one if there is none; 0
// for "".
func (c *checks) account(a id.Account) uint64 {
	if a == "" {
		return 0
	}
	_, n := halves(c.accounts.put(c.accounts.hash(string(a)), string(a))[accountState].Load())
	return n
}

// space returns the reference of a workspace, a new one if there is none.
func (c *checks) space(w id.Workspace) uint64 {
	object := c.object(rbac.OnWorkspace(w))
	if n := object[objectPlace].Load() >> upper; n != 0 {
		return n
	}
	n := c.spaces.add()
	at := c.spaces.at(n)
	a, b := split(w.UUID)
	at[0].Store(a)
	at[1].Store(b)
	object[objectPlace].Store(n << upper)
	return n
}

// program returns the reference of a mini program, a new one if there is none; 0
// for no mini program.
func (c *checks) program(p id.MiniProgram) uint64 {
	if p.IsZero() {
		return 0
	}
	object := c.object(rbac.OnMiniProgram(p))
	place := object[objectPlace].Load()
	if _, n := halves(place); n != 0 {
		return n
	}
	n := c.programs.add()
	at := c.programs.at(n)
	a, b := split(p.UUID)
	at[0].Store(a)
	at[1].Store(b)
	object[objectPlace].Store(place | n)
	return n
}

func (c *checks) object(o rbac.Object) *quad {
	a, b := split(o.ID)
	return c.objects[o.Kind].put(c.hash(a, b), a, b)
}
