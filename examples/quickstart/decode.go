package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/superapp-go/superapp/fault"
)

// decode reads JSON into v, a pointer to a struct of structs, slices and
// strings. It is stricter than encoding/json, which neither says where an
// unknown field stands nor minds one that stands twice.
func decode(text []byte, v any) error {
	if at := invalidUTF8(text); at >= 0 {
		return fault.Invalid(position(text, at), "malformed", "want valid UTF-8")
	}
	if bad, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, new(any))); ok {
		return fault.Invalid(position(text, int(bad.Offset)-1), "malformed", bad.Error())
	}
	var p fault.Problems
	compare(&p, "", text, reflect.TypeOf(v).Elem())
	if err := p.Err(); err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// invalidUTF8 returns where the first byte stands that is not UTF-8, -1 if all
// is.
func invalidUTF8(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// position names the place of a byte as an editor counts it.
func position(text []byte, offset int) string {
	before := text[:max(0, min(offset, len(text)))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(line)+1)
}

// compare notes what in valid JSON does not fit the type.
func compare(p *fault.Problems, path string, raw json.RawMessage, t reflect.Type) {
	raw = bytes.TrimSpace(raw)
	want := map[reflect.Kind]string{reflect.Struct: "an object", reflect.Slice: "a list", reflect.String: "a text"}[t.Kind()]
	if got := kindOf(raw); got != want {
		p.Add(cmp.Or(path, "the file"), "malformed", "want "+want+", got "+got)
		return
	}
	switch t.Kind() {
	case reflect.Slice:
		var items []json.RawMessage
		_ = json.Unmarshal(raw, &items) // a list, as was just seen
		for i, item := range items {
			compare(p, fmt.Sprintf("%s[%d]", path, i), item, t.Elem())
		}
	case reflect.Struct:
		compareObject(p, path, raw, t)
	}
}

func compareObject(p *fault.Problems, path string, raw json.RawMessage, t reflect.Type) {
	fields := make(map[string]reflect.Type)
	var names []string
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields[name] = f.Type
			names = append(names, name)
		}
	}
	seen := make(map[string]bool)
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // the brace
	for d.More() {
		key, _ := d.Token()
		var value json.RawMessage
		_ = d.Decode(&value)
		name := key.(string)
		at := strings.TrimPrefix(path+"."+name, ".")
		switch fieldType, known := fields[name]; {
		case !known:
			p.Add(at, "unknown", "unknown field; want one of "+strings.Join(names, ", "))
		case seen[name]:
			p.Add(at, "duplicate", "the field stands twice")
		default:
			compare(p, at, value, fieldType)
		}
		seen[name] = true
	}
}

// kindOf says in words what a JSON value is.
func kindOf(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}
