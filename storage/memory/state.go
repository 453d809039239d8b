package memory

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/workspace"
)

// A state is everything that is stored at one moment: the records, and the
// indexes by which they are found. The trees share their nodes with those of
// the state they were copied from, and copy a node before they change it.
type state struct {
	workspaces   table[workspace.Workspace]
	workspacesOf links      // tenant to workspaces, itself included
	live         table[int] // workspace to the number of its programs that are not archived
	settings     table[workspace.Settings]

	heads      table[audit.Head] // by workspace
	events     tree[event]
	eventIndex tree[found]
	fresh      table[struct{}] // workspaces of which a handler may not have all events
	handlers   tree[string]
	cursors    tree[cursor]
	dead       tree[deadLetter]

	denials     tree[denial]
	denialIndex tree[found]

	programs      table[program]
	programsOf    links          // workspace to programs
	programsUnder links          // tenant to programs
	creatorsOf    words          // workspace, creator to programs
	creatorsUnder words          // tenant, or zero for any, creator to programs
	names         words          // tenant, language, name to the program that has it
	terms         words          // tenant, term to programs
	details       table[details] // by program

	versions     table[miniprogram.Version]
	versionsOf   links                      // program to versions
	liveVersions links                      // program to those that rules depend on
	lastUpload   table[miniprogram.Version] // by workspace

	requests      table[approval.Request]
	requestsOf    links // workspace to requests
	requestsUnder links // tenant to requests
	requestsAbout links // program to requests
	requestsNow   links // program to those that rules depend on
	submitters    words // account to requests
	openRequests  words // workspace, open key to the request in review

	features     table[feature.Feature]
	featuresOf   links // tenant to features
	featureNames words // tenant, folded name to the feature
	jsapis       table[feature.JSAPI]
	jsapisOf     links // tenant to JSAPIs
	jsapiNames   words // tenant, name to the JSAPI

	roles     table[ownRole]
	roleCodes words // workspace, code to the own role

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

	tokens tree[token]

	links      table[member.Link]
	linksOf    links // workspace to links
	linkTokens tree[linkToken]
	runs       tree[run]
	runRows    tree[runRow]

	codes        table[qrcode.Definition]
	codesOf      links // program to those that are not deleted
	deletedCodes links // program to those that are
	defaultCodes links // program to its default one
	shorts       words // nothing, short id to the code
	retargets    tree[retarget]
	scans        table[int64] // by code

	credentials table[signin.Credential] // by member
	defaults    table[signin.Default]    // by workspace
	attempts    tree[attempt]
	attemptEnds tree[attempt] // by end
}

func newState() *state {
	return &state{
		workspaces:    newTable[workspace.Workspace](),
		workspacesOf:  newLinks(),
		live:          newTable[int](),
		settings:      newTable[workspace.Settings](),
		heads:         newTable[audit.Head](),
		events:        newTree(event.compare),
		eventIndex:    newTree(found.compare),
		fresh:         newTable[struct{}](),
		handlers:      newTree(strings.Compare),
		cursors:       newTree(cursor.compare),
		dead:          newTree(deadLetter.compare),
		denials:       newTree(denial.compare),
		denialIndex:   newTree(found.compare),
		programs:      newTable[program](),
		programsOf:    newLinks(),
		programsUnder: newLinks(),
		creatorsOf:    newWords(),
		creatorsUnder: newWords(),
		names:         newWords(),
		terms:         newWords(),
		details:       newTable[details](),
		versions:      newTable[miniprogram.Version](),
		versionsOf:    newLinks(),
		liveVersions:  newLinks(),
		lastUpload:    newTable[miniprogram.Version](),
		requests:      newTable[approval.Request](),
		requestsOf:    newLinks(),
		requestsUnder: newLinks(),
		requestsAbout: newLinks(),
		requestsNow:   newLinks(),
		submitters:    newWords(),
		openRequests:  newWords(),
		features:      newTable[feature.Feature](),
		featuresOf:    newLinks(),
		featureNames:  newWords(),
		jsapis:        newTable[feature.JSAPI](),
		jsapisOf:      newLinks(),
		jsapiNames:    newWords(),
		roles:         newTable[ownRole](),
		roleCodes:     newWords(),
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
		links:         newTable[member.Link](),
		linksOf:       newLinks(),
		linkTokens:    newTree(linkToken.compare),
		runs:          newTree(run.compare),
		runRows:       newTree(runRow.compare),
		codes:         newTable[qrcode.Definition](),
		codesOf:       newLinks(),
		deletedCodes:  newLinks(),
		defaultCodes:  newLinks(),
		shorts:        newWords(),
		retargets:     newTree(retarget.compare),
		scans:         newTable[int64](),
		credentials:   newTable[signin.Credential](),
		defaults:      newTable[signin.Default](),
		attempts:      newTree(attempt.compare),
		attemptEnds:   newTree(attempt.byEnd),
	}
}

// copy returns a state that may be changed without changing s.
func (s *state) copy() *state {
	return &state{
		workspaces:    s.workspaces.copy(),
		workspacesOf:  s.workspacesOf.copy(),
		live:          s.live.copy(),
		settings:      s.settings.copy(),
		heads:         s.heads.copy(),
		events:        s.events.Copy(),
		eventIndex:    s.eventIndex.Copy(),
		fresh:         s.fresh.copy(),
		handlers:      s.handlers.Copy(),
		cursors:       s.cursors.Copy(),
		dead:          s.dead.Copy(),
		denials:       s.denials.Copy(),
		denialIndex:   s.denialIndex.Copy(),
		programs:      s.programs.copy(),
		programsOf:    s.programsOf.copy(),
		programsUnder: s.programsUnder.copy(),
		creatorsOf:    s.creatorsOf.copy(),
		creatorsUnder: s.creatorsUnder.copy(),
		names:         s.names.copy(),
		terms:         s.terms.copy(),
		details:       s.details.copy(),
		versions:      s.versions.copy(),
		versionsOf:    s.versionsOf.copy(),
		liveVersions:  s.liveVersions.copy(),
		lastUpload:    s.lastUpload.copy(),
		requests:      s.requests.copy(),
		requestsOf:    s.requestsOf.copy(),
		requestsUnder: s.requestsUnder.copy(),
		requestsAbout: s.requestsAbout.copy(),
		requestsNow:   s.requestsNow.copy(),
		submitters:    s.submitters.copy(),
		openRequests:  s.openRequests.copy(),
		features:      s.features.copy(),
		featuresOf:    s.featuresOf.copy(),
		featureNames:  s.featureNames.copy(),
		jsapis:        s.jsapis.copy(),
		jsapisOf:      s.jsapisOf.copy(),
		jsapiNames:    s.jsapiNames.copy(),
		roles:         s.roles.copy(),
		roleCodes:     s.roleCodes.copy(),
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
		links:         s.links.copy(),
		linksOf:       s.linksOf.copy(),
		linkTokens:    s.linkTokens.Copy(),
		runs:          s.runs.Copy(),
		runRows:       s.runRows.Copy(),
		codes:         s.codes.copy(),
		codesOf:       s.codesOf.copy(),
		deletedCodes:  s.deletedCodes.copy(),
		defaultCodes:  s.defaultCodes.copy(),
		shorts:        s.shorts.copy(),
		retargets:     s.retargets.Copy(),
		scans:         s.scans.copy(),
		credentials:   s.credentials.copy(),
		defaults:      s.defaults.copy(),
		attempts:      s.attempts.Copy(),
		attemptEnds:   s.attemptEnds.Copy(),
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
