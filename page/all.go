package page

import (
	"context"
	"iter"
)

// All returns every item of a list, reading page after page as they are wanted.
// It takes the list as the services have it, and what they take before the
// request:
//
//	for m, err := range page.All(ctx, p.Members.List, admin, member.Filter{Workspace: w}) {
//		if err != nil {
//			return err
//		}
//		...
//	}
//
// It ends at the first error, which comes with the zero item.
func All[A, F, T any](ctx context.Context, list func(context.Context, A, F, Request) (Page[T], error), actor A, of F) iter.Seq2[T, error] {
	return Walk(func(r Request) (Page[T], error) { return list(ctx, actor, of, r) })
}

// Walk is [All] for a list of another form, in pages of [MaxSize].
func Walk[T any](list func(Request) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		next := Request{Size: MaxSize}
		for {
			p, err := list(next)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			next.After = p.Next
		}
	}
}

// Collect returns all of a list at once, or the error at which it ended:
//
//	members, err := page.Collect(page.All(ctx, p.Members.List, admin, filter))
func Collect[T any](all iter.Seq2[T, error]) ([]T, error) {
	var items []T
	for item, err := range all {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}
