package io.millrace.app.bench;

/**
 * One measurement of the streaming loop beside bare updates.
 *
 * @param bare what is trained, bare and in the loop
 * @param checkpointEvery steps between two checkpoints of the loop
 */
public record StreamRun(BenchRun bare, int checkpointEvery) {

    @Override
    public String toString() {
        return bare.toString();
    }
}
