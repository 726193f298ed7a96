import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.MatchingQueries;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.NGramPhraseQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lucene's percolator over rules and notices: a word is a phrase of overlapping pairs of characters, which finds exactly
 * the texts that contain it.
 *
 * <p>Arguments: a file of rules, a file of notices, rounds. A rule is a line of parts in prefix notation, separated by
 * tabs: {@code &n} all of the next n, {@code |n} any of
 * them, {@code -} not the next (among all of some), {@code =fact}, {@code 'word}. A
 * notice is a line: its facts separated by tabs, then its text. Prints the seconds of building, then for each notice the
 * shortest time of the rounds in milliseconds, and the numbers of the rules that it meets.
 */
final class Percolator {
    private static final String TEXT = "text";
    private static final String FACT = "fact";
    private static final int GRAM = 2;

    private static final Analyzer PAIRS = new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            return new TokenStreamComponents(new NGramTokenizer(GRAM, GRAM));
        }
    };
    private static final QueryBuilder WORDS = new QueryBuilder(PAIRS);

    public static void main(String[] arguments) throws IOException {
        List<String> rules = Files.readAllLines(Path.of(arguments[0]));
        List<String> notices = Files.readAllLines(Path.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        try (Monitor monitor = new Monitor(PAIRS, new MultipassTermFilteredPresearcher(4))) {
            long started = System.nanoTime();
            monitor.register(() -> IntStream.range(0, rules.size())
                    .mapToObj(number -> new MonitorQuery(Integer.toString(number), query(rules.get(number))))
                    .iterator());
            System.out.println((System.nanoTime() - started) / 1e9);
            List<Document> documents = notices.stream().map(Percolator::document).collect(Collectors.toList());
            for (Document document : documents) { // until the machine code of the hot paths is there
                match(monitor, document);
            }
            for (Document document : documents) {
                print(monitor, document, rounds);
            }
        }
    }

    private static void print(Monitor monitor, Document document, int rounds) throws IOException {
        long shortest = Long.MAX_VALUE;
        MatchingQueries<QueryMatch> matches = null;
        for (int round = 0; round < rounds; round++) {
            long started = System.nanoTime();
            matches = match(monitor, document);
            shortest = Math.min(shortest, System.nanoTime() - started);
        }
        String ids = matches.getMatches().stream().map(QueryMatch::getQueryId).collect(Collectors.joining(" "));
        System.out.println(shortest / 1e6 + "\t" + ids);
    }

    private static MatchingQueries<QueryMatch> match(Monitor monitor, Document document) throws IOException {
        return monitor.match(document, QueryMatch.SIMPLE_MATCHER);
    }

    private static Document document(String line) {
        List<String> parts = new ArrayList<>(Arrays.asList(line.split("\t", -1)));
        Document document = new Document();
        document.add(new TextField(TEXT, parts.remove(parts.size() - 1), Field.Store.NO));
        parts.forEach(fact -> document.add(new StringField(FACT, fact, Field.Store.NO)));
        return document;
    }

    private static Query query(String line) {
        Iterator<String> parts = Arrays.asList(line.split("\t")).iterator();
        return read(parts.next(), parts);
    }

    private static Query read(String part, Iterator<String> following) {
        String rest = part.substring(1);
        switch (part.charAt(0)) {
            case '&':
                return joined(Integer.parseInt(rest), Occur.MUST, following);
            case '|':
                return joined(Integer.parseInt(rest), Occur.SHOULD, following);
            case '=':
                return new TermQuery(new Term(FACT, rest));
            default:
                Query phrase = WORDS.createPhraseQuery(TEXT, rest);
                return phrase instanceof PhraseQuery ? new NGramPhraseQuery(GRAM, (PhraseQuery) phrase) : phrase;
        }
    }

    private static Query joined(int number, Occur occur, Iterator<String> following) {
        BooleanQuery.Builder joined = new BooleanQuery.Builder();
        for (int i = 0; i < number; i++) {
            String part = following.next();
            if (part.equals("-")) {
                joined.add(read(following.next(), following), Occur.MUST_NOT);
            } else {
                joined.add(read(part, following), occur);
            }
        }
        return joined.build();
    }
}
