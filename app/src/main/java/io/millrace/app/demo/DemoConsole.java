package io.millrace.app.demo;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;

/**
 * Prints each event and records it in the ledger.
 *
 * @param printer where to print
 * @param ledger where to keep
 */
record DemoConsole(ProgressPrinter printer, DemoLedger ledger) implements EventFeed.Listener {

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        ledger.checkpoint(announcement);
        long examples = ledger.examplesThrough(announcement.checkpoint().step());
        printer.line(DemoLines.checkpoint(announcement, examples));
    }

    @Override
    public void evaluation(CheckpointEvaluation evaluation) {
        // The verdict repeats its scores, and one line of them is enough.
        ledger.evaluation(evaluation);
    }

    @Override
    public void drift(DriftEvent event) {
        ledger.drift(event);
        printer.line(DemoLines.drift(event));
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        ledger.modelUpdate(update);
        printer.line(DemoLines.modelUpdate(update));
    }
}
