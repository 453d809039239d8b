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
				b.implemented(m.Name, call(ctx, tx, m))
				return errStop
			})
			b.is(err, errStop)
		}
		b.view(func(ctx context.Context, r storage.Reader) error {
			for m := range reflect.TypeFor[storage.Reader]().Methods() {
				b.implemented(m.Name, call(ctx, r, m))
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

// call calls a method of an interface on a value of it and returns its error.
// Its arguments are the context, those of args that have the right type, and
// otherwise zero values; functions that it is given do nothing.
func call(ctx context.Context, on any, m reflect.Method, args ...any) error {
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < m.Type.NumIn(); i++ {
		t := m.Type.In(i)
		v := reflect.Zero(t)
		if t.Kind() == reflect.Func {
			v = reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
				return []reflect.Value{reflect.Zero(reflect.TypeFor[error]())}
			})
		}
		for _, arg := range args {
			if reflect.TypeOf(arg) == t {
				v = reflect.ValueOf(arg)
			}
		}
		in = append(in, v)
	}
	out := reflect.ValueOf(on).MethodByName(m.Name).Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}
