package io.millrace.app.demo;

import io.millrace.app.console.Format;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.narration.EventLines;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;

import java.util.List;

/**
 * Prints each event and records it in the ledger.
 *
 * @param printer where to print
 * @param ledger where to keep
 * @param lines the lines of an event
 */
record DemoConsole(ProgressPrinter printer, DemoLedger ledger, EventLines lines) implements EventFeed.Listener {

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        ledger.checkpoint(announcement);
        long examples = ledger.examplesThrough(announcement.checkpoint().step());
        print(lines.checkpoint(announcement, Format.text("%,7d examples", examples)));
    }

    @Override
    public void evaluation(CheckpointEvaluation evaluation) {
        // The verdict repeats its scores, and one line of them is enough.
        ledger.evaluation(evaluation);
    }

    @Override
    public void drift(DriftEvent event) {
        ledger.drift(event);
        print(lines.drift(event));
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        ledger.modelUpdate(update);
        print(lines.modelUpdate(update));
    }

    private void print(List<String> told) {
        told.forEach(printer::line);
    }
}
