// English texts of the short guides to the pages: steps, a line each.
import type { help as zh } from './zh_help';

export const help: Record<keyof typeof zh, string> = {
  'help.today': 'What is to be done stands by urgency; one click leads to it.\nBelow are the figures of today and of the last 30 days; a table opens below the chart.\nFor a wall, open the big screen.',
  'help.upload': 'Choose what it is, then drop the tables here, several at once.\nEach cell is checked: good rows are stored, others come back with reason and remedy.\nYou may leave meanwhile; progress stands among the tasks, and you are told at the end.\nNot sure about the columns? The template has what each asks for, and examples.',
  'help.batches': 'Each file is a batch; rejected rows are marked in red.\nFilter above; a set that is used often can be kept under a name.\nClick a row, or choose it by arrow and press Enter, to see the findings cell by cell.\nFor the whole list press “Download”.',
  'help.batch': 'Faulty cells are red or yellow; reason and remedy stand on the right.\nFiles of your own unit can be mended here: Enter, type, then hand in again.\nThe filter shows one kind of finding; all of them can be downloaded.\nThe reply workbook is kept for 7 days.',
  'help.doubtful': 'Rows whose name and code disagree, or with a name only, are never attached by themselves.\nChoose a row: on the right are the finding, the subjects that it may belong to, and both side by side.\nChoose the subject, give the reason and attach; return what cannot be confirmed. Number keys choose, l attaches, t returns.\nMark several rows (x) to decide them at once.\nA mistake can be taken back: the record ends at once.\nFor the oldest first press “Received”.',
  'help.judgements': 'Each line says who decided, when and why.\nThe name leads to the record that came of it.\n“Take back” with a reason ends the record at once; the row waits again.\nWhere newer data took its place meanwhile, the unit has to correct that.',
  'help.subjects': 'Type a part of the name, or the 18 digits of the code.\nClick a subject for its public records, and to issue a report.\nNothing found? Check the characters; no record does not mean that nothing happened.',
  'help.subject': 'Only public information stands here, the same as on the site.\n“As known on” shows what was published on an earlier day.\nClick a record for its source and receipt.',
  'help.records': 'All records being published, newest first.\nFilter by subject, item, unit, severity and date.\nClick one for its content, term and receipt.',
  'help.record': 'The content on the left, the term and its basis on the right.\nThe receipt is a file that can be checked without signing in, and offline.',
  'help.check': 'One subject a line: code, name or both; paste it from a table.\nPress “Check”: each one is answered with its penalties, permits and lists.\nWhen a name is that of several, none is chosen for you: add the code.',
  'help.reports': 'Type the code and press the button: a signed PDF comes.\nTo verify a report, type the number on its first page.\nBelow stand all reports issued.',
  'help.units': 'Only registered units can hand in data.\nPress the button, type code and name; a wrong code is told.\nAccounts for its people are made under “Accounts”.',
  'help.accounts': 'Press the button, choose role and unit.\nThe first password is shown once: hand it over safely.\nWhen somebody forgot theirs, press “Reset”, after making sure who asks.',
  'help.catalogue': 'Above: the editions of the rulebook; open one to see what it changes.\nBelow: the catalogue in force, class by class.',
  'help.edition': 'Read what it changes, then which records are concerned; the list can be downloaded.\nWho may decide and did not propose it puts it into force or sets it aside, with a reason.',
  'help.journal': 'The platform signs and publishes the head of the journal; once others keep it, nothing can be altered.\nChoose an earlier head and get a proof that its events are all still there.\nThe proof can be checked offline.',
  'help.events': 'Each row is a change, newest first.\nFilter by kind, account and day; the list can be downloaded.\nThe journal only grows: nothing here can be altered or deleted.',
  'help.verify': 'Press “Start”: all data are derived again from the journal and compared row by row.\nOthers go on working, and you may leave; you are told at the end.\n“Nothing was altered” is good; otherwise do what it says.\nEach verdict goes into the journal.',
  'help.system': "How the platform does: disk, memory, each endpoint's calls and time.\nWhere errors are not 0, look into the log.",
  'help.corrections': 'Each row is a correction, a withdrawal or a restoration, newest first.\nTo correct or withdraw: open a record, then Correct or Withdraw; to withdraw several, tick them in the list.\nA penalty whose decision was annulled or changed is to be withdrawn within 3 working days; late ones are marked.\nOpen a row to see the versions, what was done, and who received the old one.',
  'help.record_versions': 'The versions stand side by side; what differs is marked.\nWhat was withdrawn wrongly can be restored; where a new decision was made, use Issue anew.\nBelow are the reports and exports that hold the old version.',
};
