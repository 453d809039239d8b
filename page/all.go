package page

import "iter"

// All returns every item of a list, page by page. Reading stops at the first
// error, which comes with the zero item:
//
//	for m, err := range page.All(func(r page.Request) (page.Page[member.Details], error) {
//		return p.Members.List(ctx, admin, filter, r)
//	}) {
func All[T any](list func(Request) (Page[T], error)) iter.Seq2[T, error] {
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
