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
	account, space := c.account(m.Account), c.space(m.Workspace)
	found := c.memberships.put(account<<upper|space, 0)
	if found[membershipState].Load() == 0 {
		c.accounts.find(string(m.Account))[accountPlaces].Add(1)
	}
	state := known | uint64(m.Role.Key())<<role | uint64(presence(m))
	for i, h := range m.Programs {
		program, team := c.program(h.MiniProgram), known|uint64(h.Team)
		if at := membershipHeld + i; at < len(found) {
			found[at].Store(program<<upper | team)
		} else {
			state |= more
			c.holdings.put(account<<upper|program, space<<upper)[holdingState].Store(space<<upper | team)
		}
	}
	a, b := split(m.ID.UUID)
	found[membershipMember].Store(a)
	found[membershipMember+1].Store(b)
	found[membershipState].Store(state)
}

// leave takes back what enter wrote.
func (c *checks) leave(m *member.Member) {
	if presentKey(m) == (word{}) {
		return
	}
	account, space := c.account(m.Account), c.space(m.Workspace)
	found := c.memberships.put(account<<upper|space, 0)
	if found[membershipState].Load() == 0 {
		return
	}
	c.accounts.find(string(m.Account))[accountPlaces].Add(^uint64(0))
	for i := membershipState; i < len(found); i++ {
		found[i].Store(0)
	}
	for _, h := range m.Programs[min(len(m.Programs), len(found)-membershipHeld):] {
		c.holdings.put(account<<upper|c.program(h.MiniProgram), space<<upper)[holdingState].Store(space << upper)
	}
}

// account returns the reference of an account, a new one if there is none; 0
// for "".
func (c *checks) account(a id.Account) uint64 {
	if a == "" {
		return 0
	}
	_, n := halves(c.accounts.put(string(a))[accountState].Load())
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

// program returns the reference of a mini program, a new one if there is none.
func (c *checks) program(p id.MiniProgram) uint64 {
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

func (c *checks) object(o rbac.Object) *quad { return c.objects[o.Kind].put(split(o.ID)) }
