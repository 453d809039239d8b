package dbtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// postgresWire reads PostgreSQL's protocol, version 3: a message has a letter,
// its length and a body. Only the first of a client's has no letter.
type postgresWire struct {
	started bool              // of requests alone
	texts   map[string]string // of requests alone: prepared statements by name
	ready   bool              // of answers alone: the connection is open
}

var (
	errTLS    = errors.New("the proxy does not speak TLS")
	errBroken = errors.New("this is not PostgreSQL's protocol")
)

func (w *postgresWire) request(r *bufio.Reader) (request, error) {
	if !w.started {
		message, err := postgresMessage(r, 0)
		if err != nil {
			return request{}, err
		}
		if len(message) < 8 {
			return request{}, errBroken
		}
		switch code := binary.BigEndian.Uint32(message[4:8]); {
		case code>>16 == 3:
			w.started, w.texts = true, map[string]string{}
		case code != 80877102: // a cancellation
			return request{}, errTLS
		}
		return request{message: message}, nil
	}
	message, err := postgresMessage(r, 1)
	if err != nil {
		return request{}, err
	}
	q := request{message: message}
	first, rest, _ := bytes.Cut(message[5:], []byte{0})
	second, _, _ := bytes.Cut(rest, []byte{0})
	switch message[0] {
	case 'Q': // a query in the simple form: its text
		q.runs, q.waits = string(first), true
		q.says = q.runs
	case 'P': // parse: a name, the text
		w.texts[string(first)] = string(second)
	case 'D': // describe: the letter S and a statement's name, or P and a portal's
		if name, ok := bytes.CutPrefix(first, []byte("S")); ok {
			q.says = "prepare: " + w.texts[string(name)]
		}
	case 'B': // bind: a portal's name, a statement's name
		q.runs = w.texts[string(second)]
		q.says = q.runs
	case 'S': // sync
		q.waits = true
	}
	return q, nil
}

func (w *postgresWire) answer(r *bufio.Reader) (message []byte, last bool, err error) {
	message, err = postgresMessage(r, 1)
	if err != nil || message[0] != 'Z' {
		return message, false, err
	}
	if !w.ready { // it answers the startup message, which is no trip
		w.ready = true
		return message, false, nil
	}
	return message, true, nil
}

// postgresMessage reads a message with so many bytes before its length.
func postgresMessage(r *bufio.Reader, before int) ([]byte, error) {
	head, err := r.Peek(before + 4)
	if err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint32(head[before:]))
	if length < 4 {
		return nil, errBroken
	}
	message := make([]byte, before+length)
	_, err = io.ReadFull(r, message)
	return message, err
}
