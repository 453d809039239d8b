package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage"
)

// A Migration is one step of the schema. A file named 0002_links.sql is the
// second one. Its statements end with a semicolon at the end of a line.
//
// The number 0 is special: it makes the table of applied migrations, if that
// is not there, and runs before the others each time.
type Migration struct {
	Name       string
	Statements []string
}

// LoadMigrations reads the migrations in a folder: their numbers start at 0
// and leave none out.
func LoadMigrations(files fs.FS) ([]Migration, error) {
	paths, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var all []Migration
	for i, path := range paths {
		if want := fmt.Sprintf("%04d_", i); !strings.HasPrefix(path, want) {
			return nil, fmt.Errorf("migration %s is out of order: its name must begin with %s", path, want)
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		m := Migration{Name: strings.TrimSuffix(path, ".sql")}
		for s := range strings.SplitSeq(string(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				m.Statements = append(m.Statements, s)
			}
		}
		all = append(all, m)
	}
	return all, nil
}

// Migrate brings the schema up to date; it does nothing if it is. Two at a time
// do it once: the second waits, or gives up with storage.ErrMigrating.
// storage.ErrSchemaNewer if the database is ahead of the library.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	err := s.Validate(ctx)
	if errors.Is(err, storage.ErrSchemaMissing) {
		if err := s.fit(ctx); err != nil {
			return err
		}
		migrate := s.migrate
		if s.dialect.StepByStep {
			migrate = s.byStep(uuid.NewString())
		}
		err = s.rerun(ctx, func(context.Context) (bool, error) { return retry(migrate(ctx)) })
		if err == nil {
			err = s.Validate(ctx)
		}
	}
	if isBusy(err) {
		return &failure{storage.ErrMigrating, "migrate", err}
	}
	return err
}

// migrate applies what is missing in one transaction. The row of a migration
// goes first: its key keeps a second process from applying the same one where
// the engine's lock does not.
func (s *Store) migrate(ctx context.Context) error {
	session, err := s.db.Begin(ctx, true)
	if err != nil {
		return s.fail(ctx, "begin", err)
	}
	defer session.Rollback()
	if err := s.exec(ctx, session, s.migrations[0].Statements...); err != nil {
		return raced(err)
	}
	n, err := s.applied(ctx, inSession(session))
	if err != nil {
		return err
	}
	for ; n < len(s.migrations); n++ {
		all := slices.Concat([]string{s.begun(n)}, s.migrations[n].Statements, []string{s.finished(n)})
		if err := s.exec(ctx, session, all...); err != nil {
			return raced(err)
		}
	}
	return s.commit(ctx, session)
}

// exec runs the statements of a migration. Each may need the one before, so
// that none is held back.
func (s *Store) exec(ctx context.Context, session Session, statements ...string) error {
	for _, text := range statements {
		err := session.Write(ctx, Write{SQL: text, Long: true})
		if err == nil {
			err = session.Read(ctx)
		}
		if err != nil {
			return s.fail(ctx, "migrate", err)
		}
	}
	return nil
}

// raced makes of a row or table that another process has made meanwhile that
// the other was faster.
func raced(err error) error {
	if errors.Is(err, fault.ErrExists) {
		return &failure{storage.ErrBusy, "migrate", err}
	}
	return err
}

// inSession reads one statement in a session.
func inSession(session Session) func(context.Context, Read) error {
	return func(ctx context.Context, r Read) error { return session.Read(ctx, r) }
}

// begun is the statement that notes a migration as under way.
func (s *Store) begun(n int) string {
	return fmt.Sprintf("INSERT INTO {superapp_migration} (version, name, started_at) VALUES (%d, '%s', %s)", n, s.migrations[n].Name, s.dialect.Now)
}

// finished is the statement that notes a migration as applied.
func (s *Store) finished(n int) string {
	return fmt.Sprintf("UPDATE {superapp_migration} SET finished_at = %s WHERE version = %d", s.dialect.Now, n)
}

// applied returns the number of the first migration that is to be applied, or
// storage.ErrSchemaNewer also while a newer one is under way.
func (s *Store) applied(ctx context.Context, read func(context.Context, Read) error) (next int, err error) {
	var newest int
	err = s.fail(ctx, "read the schema's version", read(ctx, Read{
		SQL: `SELECT COALESCE(MAX(g.version), 0), COALESCE(MAX(CASE WHEN g.finished_at IS NOT NULL THEN g.version END), 0) + 1` +
			` FROM {superapp_migration} AS g`,
		Scan: one(nil, &newest, &next),
	}))
	switch {
	case errors.Is(err, storage.ErrSchemaMissing):
		return 1, nil
	case err == nil && newest >= len(s.migrations):
		return 0, storage.ErrSchemaNewer
	}
	return next, err
}

// version is applied outside any unit. In a host's transaction it looks in a
// savepoint: that a table is missing would end the transaction.
func (s *Store) version(ctx context.Context) (int, error) {
	if !s.bound || !s.dialect.Aborts {
		return s.applied(ctx, s.db.Read)
	}
	session, err := s.db.Begin(ctx, true)
	if err != nil {
		return 0, s.fail(ctx, "begin", err)
	}
	defer session.Rollback()
	// The savepoint is there before a driver prepares the next statement.
	if err := session.Read(ctx); err != nil {
		return 0, s.fail(ctx, "begin", err)
	}
	return s.applied(ctx, inSession(session))
}

// Pending returns the names of the migrations that Migrate would apply.
// storage.ErrSchemaNewer if the database is ahead of the library.
func (s *Store) Pending(ctx context.Context) ([]string, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	next, err := s.version(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range s.migrations[next:] {
		names = append(names, m.Name)
	}
	return names, nil
}

// Validate returns nil if the schema is the one the library wants, or else
// storage.ErrSchemaMissing or storage.ErrSchemaNewer.
func (s *Store) Validate(ctx context.Context) error {
	pending, err := s.Pending(ctx)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return storage.ErrSchemaMissing
	}
	if s.bound && s.check != nil {
		// The host may hold the only connection there is: the check comes with the
		// first use of the pool.
		return nil
	}
	if err := s.fit(ctx); err != nil {
		return err
	}
	s.ready.Store(true)
	return nil
}

// fit returns the error for connections that are not fit for the store.
func (s *Store) fit(ctx context.Context) error {
	if s.check == nil {
		return nil
	}
	return s.fail(ctx, "check the connection", s.check(ctx))
}

// WriteSQL writes all migrations for a tool of the host's own.
func (s *Store) WriteSQL(w io.Writer) error {
	var b strings.Builder
	for n, m := range s.migrations {
		fmt.Fprintf(&b, "-- %s\n", m.Name)
		statements := m.Statements
		if n > 0 {
			statements = slices.Concat([]string{s.begun(n)}, statements, []string{s.finished(n)})
		}
		for _, statement := range statements {
			fmt.Fprintf(&b, "%s;\n\n", s.dialect.Text(statement))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
