package io.millrace.app.demo;

import io.millrace.app.console.ProgressPrinter;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;

/**
 * Prints each event as it comes, and keeps it in the ledger.
 *
 * @param screen where to print
 * @param ledger where to keep
 */
record DemoConsole(ProgressPrinter screen, DemoLedger ledger) implements EventFeed.Listener {

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        ledger.checkpoint(announcement);
        long examples = ledger.examplesThrough(announcement.checkpoint().step());
        screen.line(DemoLines.checkpoint(announcement, examples));
    }

    @Override
    public void evaluation(CheckpointEvaluation evaluation) {
        // Its scores come again with the verdict, and one line of them is enough.
        ledger.evaluation(evaluation);
    }

    @Override
    public void drift(DriftEvent event) {
        ledger.drift(event);
        screen.line(DemoLines.drift(event));
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        ledger.modelUpdate(update);
        screen.line(DemoLines.modelUpdate(update));
    }
}
