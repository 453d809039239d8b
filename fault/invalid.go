package fault

import (
	"errors"
	"strings"
)

// A Problem is one thing wrong with the input.
type Problem struct {
	// Field is the path of the field, such as "email" or "programs[2]".
	Field string
	// Reason is a stable word: required, too_long, too_short, malformed,
	// unknown, not_allowed, duplicate.
	Reason string
	// Detail says it in a sentence, with the limit and what was given.
	Detail string
}

// InvalidError lists everything that is wrong with the input at once.
type InvalidError struct {
	Problems []Problem
}

// Error joins the problems.
func (e *InvalidError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p.Field)
		b.WriteString(": ")
		b.WriteString(p.Detail)
	}
	return b.String()
}

// Code returns "input.invalid".
func (e *InvalidError) Code() string { return ErrInput.code }

// Unwrap returns [ErrInput], whose kind is [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInput }

// ErrInput is what every [InvalidError] is.
var ErrInput = Define(ErrInvalid, "input.invalid", "the input is not valid; each problem names its field")

// Problems collects what is wrong with an input.
type Problems []Problem

// Add notes a problem.
func (p *Problems) Add(field, reason, detail string) {
	*p = append(*p, Problem{Field: field, Reason: reason, Detail: detail})
}

// Err returns an *[InvalidError], or nil if there is no problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &InvalidError{Problems: p}
}

// Under returns err with the path put before the field of each problem, for an
// input that is part of a larger one. Other errors are returned as they are.
func Under(path string, err error) error {
	e, ok := errors.AsType[*InvalidError](err)
	if !ok {
		return err
	}
	deeper := make([]Problem, len(e.Problems))
	for i, p := range e.Problems {
		p.Field = path + "." + p.Field
		deeper[i] = p
	}
	return &InvalidError{Problems: deeper}
}

// Join returns the problems of several errors as one *[InvalidError], nil
// errors left out; the first error that is none if there is one.
func Join(errs ...error) error {
	var all Problems
	for _, err := range errs {
		if err == nil {
			continue
		}
		e, ok := errors.AsType[*InvalidError](err)
		if !ok {
			return err
		}
		all = append(all, e.Problems...)
	}
	return all.Err()
}

// Invalid is the error for a single problem.
func Invalid(field, reason, detail string) error {
	return &InvalidError{Problems: []Problem{{Field: field, Reason: reason, Detail: detail}}}
}
