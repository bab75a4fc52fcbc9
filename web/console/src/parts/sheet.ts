// A faulty row as the sheet of findings shows it.
export interface SheetFinding { fault: string; field?: string; message: string; remedy: string }
export interface SheetLine { row: number; line: number; outcome: string; findings: SheetFinding[]; cells: string[] }
export interface SheetColumn { header: string; field?: string }
