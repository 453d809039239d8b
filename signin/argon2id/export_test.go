package argon2id

// Occupy takes a turn until release is called.
func Occupy(h *Hasher) (release func()) {
	h.turns <- struct{}{}
	return func() { <-h.turns }
}

// Costly reports whether a hash takes long to compute.
func Costly(text string) bool {
	e, err := parse(text)
	return err == nil && uint64(e.memory)*uint64(e.time) > 1<<12
}
