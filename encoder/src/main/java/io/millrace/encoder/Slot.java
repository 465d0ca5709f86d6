package io.millrace.encoder;

/**
 * One input of the kernels.
 *
 * @param name the weight's Hugging Face name; a name that no file uses if the family has no such weight
 * @param role what it is
 * @param shape its shape
 */
record Slot(String name, Role role, long... shape) {

    /** What a slot holds, and how it starts where there is no checkpoint. */
    enum Role {
        /** Drawn at random. */
        MATRIX,
        /** Zeros. */
        BIAS,
        /** Of a norm: ones. */
        SCALE,
        /** The model has no such weight: zeros, neither trained nor written; of no rows where the kernels leave out what they would do with it. */
        ABSENT
    }

    /** The same place without a weight. */
    Slot absent() {
        return new Slot(name, Role.ABSENT, shape);
    }
}
