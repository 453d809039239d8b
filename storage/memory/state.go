package memory

import (
	"bytes"
	"cmp"
	"time"

	"github.com/tidwall/btree"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/workspace"

	"github.com/superapp-go/superapp/miniprogram"
)

// A state is everything that is stored at one moment: the records, and the
// indexes by which they are found. The trees share their nodes with those of
// the state they were copied from, and copy a node before they change it.
type state struct {
	workspaces   table[workspace.Workspace]
	workspacesOf links      // tenant to workspaces, itself included
	live         table[int] // workspace to the number of its programs that are not archived

	heads  table[audit.Head] // by workspace
	events *btree.BTreeG[event]

	programs      table[program]
	programsOf    links // workspace to programs
	programsUnder links // tenant to programs
	creatorsOf    words // workspace, creator to programs
	creatorsUnder words // tenant, or zero for any, creator to programs
	names         words // tenant, language and name to the program that has it
	terms         words // tenant, term to programs

	versions   table[miniprogram.Version]
	versionsOf links                      // program to versions
	lastUpload table[miniprogram.Version] // by workspace

	members      table[member.Member]
	membersOf    links // workspace to members
	membersUnder links // tenant to members
	admins       links // workspace to active admins
	invited      table[member.Member]
	holders      links // program to members
	accounts     words // account to members
	emails       words // e-mail to members
	present      words // workspace, account to the present member
	open         words // workspace, e-mail to the open member

	tokens *btree.BTreeG[token]

	codes   table[qrcode.Definition]
	codesOf links // program to codes
}

func newState() *state {
	return &state{
		workspaces:    newTable[workspace.Workspace](),
		workspacesOf:  newLinks(),
		live:          newTable[int](),
		heads:         newTable[audit.Head](),
		events:        newTree(event.compare),
		programs:      newTable[program](),
		programsOf:    newLinks(),
		programsUnder: newLinks(),
		creatorsOf:    newWords(),
		creatorsUnder: newWords(),
		names:         newWords(),
		terms:         newWords(),
		versions:      newTable[miniprogram.Version](),
		versionsOf:    newLinks(),
		lastUpload:    newTable[miniprogram.Version](),
		members:       newTable[member.Member](),
		membersOf:     newLinks(),
		membersUnder:  newLinks(),
		admins:        newLinks(),
		invited:       newTable[member.Member](),
		holders:       newLinks(),
		accounts:      newWords(),
		emails:        newWords(),
		present:       newWords(),
		open:          newWords(),
		tokens:        newTree(token.compare),
		codes:         newTable[qrcode.Definition](),
		codesOf:       newLinks(),
	}
}

// copy returns a state that may be changed without changing s.
func (s *state) copy() *state {
	return &state{
		workspaces:    s.workspaces.copy(),
		workspacesOf:  s.workspacesOf.copy(),
		live:          s.live.copy(),
		heads:         s.heads.copy(),
		events:        s.events.Copy(),
		programs:      s.programs.copy(),
		programsOf:    s.programsOf.copy(),
		programsUnder: s.programsUnder.copy(),
		creatorsOf:    s.creatorsOf.copy(),
		creatorsUnder: s.creatorsUnder.copy(),
		names:         s.names.copy(),
		terms:         s.terms.copy(),
		versions:      s.versions.copy(),
		versionsOf:    s.versionsOf.copy(),
		lastUpload:    s.lastUpload.copy(),
		members:       s.members.copy(),
		membersOf:     s.membersOf.copy(),
		membersUnder:  s.membersUnder.copy(),
		admins:        s.admins.copy(),
		invited:       s.invited.copy(),
		holders:       s.holders.copy(),
		accounts:      s.accounts.copy(),
		emails:        s.emails.copy(),
		present:       s.present.copy(),
		open:          s.open.copy(),
		tokens:        s.tokens.Copy(),
		codes:         s.codes.copy(),
		codesOf:       s.codesOf.copy(),
	}
}

// An event is an entry of a workspace's trail.
type event struct {
	in     id.UUID
	seq    uint64
	record *audit.Event
}

func (e event) compare(f event) int { return cmp.Or(e.in.Compare(f.in), cmp.Compare(e.seq, f.seq)) }

// A token is the hash of an invitation's token.
type token struct {
	hash       [32]byte
	member     id.Member
	generation int
}

func (t token) compare(u token) int { return bytes.Compare(t.hash[:], u.hash[:]) }

// stored returns a time as every store keeps it (S5).
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// copied returns a copy of a list; an empty one is nil.
func copied[T any](list []T) []T { return append([]T(nil), list...) }
