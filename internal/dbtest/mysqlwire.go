package dbtest

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// The commands that the proxy tells apart.
const (
	mysqlQuit     = 0x01
	mysqlQuery    = 0x03
	mysqlPrepare  = 0x16
	mysqlExecute  = 0x17
	mysqlLongData = 0x18
	mysqlClose    = 0x19
)

// mysqlWire reads MySQL's protocol: a packet has its length, a number and a
// body. A command is number 0, and its answer begins with number 1; neither is
// so while a connection is opened.
type mysqlWire struct {
	mu        sync.Mutex
	preparing string            // the statement whose number is awaited
	texts     map[uint32]string // prepared statements by number
}

func (w *mysqlWire) request(r *bufio.Reader) (request, error) {
	packet, err := mysqlPacket(r)
	q := request{message: packet}
	if err != nil || packet[3] != 0 || len(packet) == 4 {
		return q, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.preparing = ""
	command, body := packet[4], packet[5:]
	switch command {
	case mysqlQuit, mysqlLongData, mysqlClose: // have no answer
		return q, nil
	case mysqlQuery:
		q.runs = string(body)
		q.says = q.runs
	case mysqlPrepare:
		w.preparing = string(body)
		q.says = "prepare: " + w.preparing
	case mysqlExecute:
		if len(body) >= 4 {
			q.runs = w.texts[binary.LittleEndian.Uint32(body)]
		}
		q.says = q.runs
	default:
		q.says = fmt.Sprintf("command %#02x", command)
	}
	q.waits = true
	return q, nil
}

// answer takes the first packet of an answer for the last one: the statement has
// run by then, and rows follow only if the connection is let live.
func (w *mysqlWire) answer(r *bufio.Reader) (message []byte, last bool, err error) {
	packet, err := mysqlPacket(r)
	if err != nil || packet[3] != 1 {
		return packet, false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.preparing != "" && len(packet) >= 9 && packet[4] == 0 {
		if w.texts == nil {
			w.texts = map[uint32]string{}
		}
		w.texts[binary.LittleEndian.Uint32(packet[5:])] = w.preparing
	}
	return packet, true, nil
}

func mysqlPacket(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(4)
	if err != nil {
		return nil, err
	}
	length := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	packet := make([]byte, 4+length)
	_, err = io.ReadFull(r, packet)
	return packet, err
}
