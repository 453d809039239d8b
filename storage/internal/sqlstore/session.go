package sqlstore

import "context"

// A session is the Session of a line.
type session struct {
	Line
	// commit and rollback are the statements that end it.
	commit, rollback []string
	// ended gives the line back; err is that of a rollback.
	ended func(err error)
	done  bool
	// lost is the error of the rollback.
	lost error
}

// NewSession returns the session of a line on which a transaction was begun.
// The statements end it; ended is called once after them, with the error of a
// rollback.
func NewSession(l Line, commit, rollback []string, ended func(err error)) Session {
	return &session{Line: l, commit: commit, rollback: rollback, ended: ended}
}

func (s *session) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		s.Rollback()
		return err
	}
	if err := s.Finish(s.commit...); err != nil {
		s.Rollback()
		return err
	}
	s.done = true
	s.ended(nil)
	return nil
}

func (s *session) Rollback() error {
	if !s.done {
		s.done = true
		s.lost = s.Undo(s.rollback...)
		s.ended(s.lost)
	}
	return s.lost
}
