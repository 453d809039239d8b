package storagetest

import (
	"context"
	"errors"
	"reflect"

	"github.com/superapp-go/superapp/storage"
)

var port = []testCase{
	{"every method is there", "no method of storage.Tx or storage.Reader answers storage.ErrUnsupported: what the port has gained since the store was written is missing in it", func(b *bench) {
		b.newTown()
		for m := range reflect.TypeFor[storage.Tx]().Methods() {
			if !m.IsExported() {
				continue
			}
			err := b.store.Update(b.Context(), on(), func(ctx context.Context, tx storage.Tx) error {
				b.implemented(m.Name, callZero(ctx, tx, m))
				return errStop
			})
			b.is(err, errStop)
		}
		b.view(func(ctx context.Context, r storage.Reader) error {
			for m := range reflect.TypeFor[storage.Reader]().Methods() {
				b.implemented(m.Name, callZero(ctx, r, m))
			}
			return nil
		})
	}},
}

func (b *bench) implemented(method string, err error) {
	b.Helper()
	if errors.Is(err, storage.ErrUnsupported) {
		b.Errorf("%s answers storage.ErrUnsupported: implement it", method)
	}
}

// callZero calls a method of an interface on a value of it, with the context
// and otherwise zero values, and returns its error. Functions that it is given
// do nothing.
func callZero(ctx context.Context, on any, m reflect.Method) error {
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < m.Type.NumIn(); i++ {
		t := m.Type.In(i)
		if t.Kind() != reflect.Func {
			in = append(in, reflect.Zero(t))
			continue
		}
		in = append(in, reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.Zero(reflect.TypeFor[error]())}
		}))
	}
	out := reflect.ValueOf(on).MethodByName(m.Name).Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}
