package io.millrace.trainer.learner;

/** Is told where a step is. The one of every learner that nobody measures does nothing. */
@FunctionalInterface
public interface StepClock {

    /** Measures nothing. */
    StepClock OFF = part -> {};

    /** The parts of a step. */
    enum Part {
        /** From texts to the tensors of the batch. */
        TOKENIZE("tokenize"),
        /** The objective: every forward pass, and the gradients with respect to inputs that a term needs. */
        FORWARD("forward"),
        /** The gradients of the weights. */
        BACKWARD("backward"),
        /** The global norm of the gradients; scaling them down is part of the optimizer's kernel. */
        CLIP("clip"),
        /** The update of the weights. */
        OPTIMIZER("optimizer"),
        /** The moving average that the reference model is. */
        REFERENCE("reference"),
        /** Everything else. */
        OTHER("other");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        /** Its name in tables. */
        public String word() {
            return word;
        }
    }

    /**
     * The time since the previous call belongs to {@code part}. Where the device computes while Java goes on, as a GPU does, that is the
     * time of the launch alone: measure on the CPU.
     */
    void lap(Part part);
}
