import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnOptions, recognize } from '../../src/core/import/columns.ts';
import type { ImportKind } from '../../src/core/import/row.ts';

/** What is read of a header: `labels(number=Label No)`, and what is not: ` -name`. */
function reading(header: string, options: ColumnOptions = {}): string {
  const headers = header.split(',');
  const columns = recognize(headers, options);
  if ('problem' in columns) return columns.problem;
  const readings = columns.readings.map(({ kind, fields }) => {
    const read = headers.flatMap((name, at) => (fields[at] == null ? [] : [`${fields[at]}=${name}`]));
    return `${kind}(${read.join(' ')})`;
  });
  return [...readings, ...columns.ignored.map((name) => `-${name}`)].join(' ');
}

const map = (...pairs: readonly (readonly [string, string])[]) => new Map(pairs);

describe('the kind is told by the columns', () => {
  test.each<[string, string]>([
    // The five files of AdventureWorks.
    ['sku,name,tracking,unit', 'items(sku=sku name=name tracking=tracking unit=unit)'],
    [
      'label_number,sku,location,bin,quantity,created_at',
      'labels(number=label_number item=sku location=location bin=bin quantity=quantity created=created_at)',
    ],
    ['order_number,line,sku,quantity', 'lines(order=order_number line=line item=sku ordered=quantity)'],
    [
      'order_number,ordered_at,customer,status',
      'orders(number=order_number ordered=ordered_at customer=customer status=status)',
    ],
    // Our own words, as export and --json print them.
    [
      'number,item,quantity,location,bin,lot,expiry,created,code',
      'labels(number=number item=item quantity=quantity location=location bin=bin lot=lot expiry=expiry created=created code=code)',
    ],
    [
      'number,customer,ordered,due,status',
      'orders(number=number customer=customer ordered=ordered due=due status=status)',
    ],
    [
      'order,line,item,ordered,shipped',
      'lines(order=order line=line item=item ordered=ordered shipped=shipped)',
    ],
    ['sku,name,unit,tracking', 'items(sku=sku name=name unit=unit tracking=tracking)'],
    // A label column decides, whatever else there is.
    ['Serial,Product,Order,Customer', 'labels(number=Serial item=Product) -Order -Customer'],
    ['label', 'labels(number=label)'],
    ['order_number', 'orders(number=order_number)'],
    ['Order #,Total', 'orders(number=Order #) -Total'],
    ['so,line', 'lines(order=so line=line)'],
    ['number,bin', 'labels(number=number bin=bin)'],
    ['number,item,status', 'labels(number=number item=item) -status'],
    ['number,due', 'orders(number=number due=due)'],
    ['sku,uom', 'items(sku=sku unit=uom)'],
    // A join of orders with their lines is both.
    [
      'order_number,customer,status,line,sku,quantity',
      'orders(number=order_number customer=customer status=status) lines(order=order_number line=line item=sku ordered=quantity)',
    ],
    [
      'order,customer,line,item,ordered,shipped',
      'orders(number=order customer=customer) lines(order=order line=line item=item ordered=ordered shipped=shipped)',
    ],
    [
      'order,ordered,customer,line,item,qty',
      'orders(number=order ordered=ordered customer=customer) lines(order=order line=line item=item ordered=qty)',
    ],
    [
      'order,order_status,line,item,qty',
      'orders(number=order status=order_status) lines(order=order line=line item=item ordered=qty)',
    ],
    // When a line was made says nothing of its order.
    ['order,line,sku,qty,created_at', 'lines(order=order line=line item=sku ordered=qty) -created_at'],
    ['order,line,sku,qty,date', 'lines(order=order line=line item=sku ordered=qty) -date'],
    ['label,,sku,', 'labels(number=label item=sku)'],
  ])('%s', (header, expected) => {
    expect(reading(header)).toBe(expected);
  });

  test.each<[string, string]>([
    [
      'sku,quantity',
      'can\'t tell what the file holds (columns found: "sku", "quantity"): say --items, --orders, --lines or --labels, or rename with --map theirs=ours',
    ],
    [
      'number',
      'can\'t tell what the file holds (columns found: "number"): say --items, --orders, --lines or --labels, or rename with --map theirs=ours',
    ],
    [
      'number,item,customer',
      'can\'t tell what the file holds (columns found: "number", "item", "customer"): say --items, --orders, --lines or --labels, or rename with --map theirs=ours',
    ],
    // Who holds which label: as lines, the label's quantity would become what was ordered.
    [
      'number,item,quantity,order,line',
      'can\'t tell what the file holds (columns found: "number", "item", "quantity", "order", "line"): say --items, --orders, --lines or --labels, or rename with --map theirs=ours',
    ],
    [
      ',,',
      "can't tell what the file holds (no column has a name): say --items, --orders, --lines or --labels, or rename with --map theirs=ours",
    ],
    [
      'order,line,item,qty,status',
      'column "status" may be the order\'s or the line\'s: leave it out with --lines, or say --map status=orders.status',
    ],
    [
      'order,line,item,qty,Due Date',
      'column "Due Date" may be the order\'s or the line\'s: leave it out with --lines, or say --map Due Date=orders.due',
    ],
    [
      'order,sku,qty',
      'no column is the line number (columns found: "order", "sku", "qty"): name it with --map theirs=line',
    ],
    [
      'label,qty,Quantity',
      'columns "qty" and "Quantity" both mean the label quantity: choose with --map qty=quantity or --map Quantity=quantity',
    ],
    ['label,sku,sku', 'columns "sku" and "sku" both mean the label item'],
    [
      'order,order_date,placed at',
      'columns "order_date" and "placed at" both mean the ordered date: choose with --map order_date=ordered or --map placed at=ordered',
    ],
  ])('but not by %s', (header, problem) => {
    expect(reading(header)).toBe(problem);
  });

  test('a problem names no more than 20 columns, each short and printable', () => {
    const problem = reading([...Array(25).keys()].map((at) => `c${at}\u001b${'x'.repeat(90)}`).join(','));
    expect(problem).toContain(`"c0?${'x'.repeat(37)}…"`);
    expect(problem).toContain(' and 5 more)');
    expect(problem).not.toContain('c20');
    expect(problem).not.toContain('\u001b');
  });
});

describe('a kind that the user names', () => {
  test.each<[ImportKind, string, string]>([
    ['items', 'number,description', 'items(sku=number name=description)'],
    ['items', 'sku', 'items(sku=sku)'],
    ['labels', 'number', 'labels(number=number)'],
    ['labels', 'number,order,item,quantity', 'labels(number=number item=item quantity=quantity) -order'],
    ['orders', 'number,status', 'orders(number=number status=status)'],
    ['orders', 'order,customer,line,item,qty', 'orders(number=order customer=customer) -line -item -qty'],
    ['lines', 'order,customer,line,item,qty', 'lines(order=order line=line item=item ordered=qty) -customer'],
    ['lines', 'order,line,status', 'lines(order=order line=line) -status'],
    [
      'labels',
      'sku,bin',
      'no column is the label number (columns found: "sku", "bin"): name it with --map theirs=number',
    ],
    ['items', 'name', 'no column is the item sku (columns found: "name"): name it with --map theirs=sku'],
    [
      'lines',
      'line,sku',
      'no column is the order number (columns found: "line", "sku"): name it with --map theirs=order',
    ],
  ])('--%s with %s', (kind, header, expected) => {
    expect(reading(header, { kind })).toBe(expected);
  });
});

describe('a loose name gives way to a sure one', () => {
  test.each<[ImportKind, string, string]>([
    ['labels', 'number,serial', 'labels(number=serial) -number'],
    ['labels', 'serial,number', 'labels(number=serial) -number'],
    ['orders', 'order,created_at,order_date', 'orders(number=order ordered=order_date) -created_at'],
    ['orders', 'order,created_at', 'orders(number=order ordered=created_at)'],
    ['items', 'sku,code,name,description', 'items(sku=sku name=name) -code -description'],
  ])('%s: %s', (kind, header, expected) => {
    expect(reading(header, { kind })).toBe(expected);
  });
});

describe('--map', () => {
  test.each<[string, Map<string, string>, string]>([
    [
      'Etikett,Artikel,Menge',
      map(['Etikett', 'label'], ['Artikel', 'item'], ['Menge', 'qty']),
      'labels(number=Etikett item=Artikel quantity=Menge)',
    ],
    ['stk no,sku', map(['STK_NO', 'label']), 'labels(number=stk no item=sku)'],
    ['nr,sku', map(['nr', 'labels.number']), 'labels(number=nr item=sku)'],
    ['nr,when', map(['nr', 'order'], ['when', 'order.ordered']), 'orders(number=nr ordered=when)'],
    // What the user says counts more than what a name seems to mean, in either order.
    ['label,qty,quantity', map(['qty', 'quantity']), 'labels(number=label quantity=qty) -quantity'],
    ['label,quantity,qty', map(['qty', 'quantity']), 'labels(number=label quantity=qty) -quantity'],
    [
      'order,line,item,status',
      map(['status', 'orders.status']),
      'orders(number=order status=status) lines(order=order line=line item=item)',
    ],
    ['label,sku', map(['nowhere', 'bin']), 'labels(number=label item=sku)'],
    ['label,foo', map(['foo', 'colour']), '--map foo=colour: no column is called "colour" here'],
    ['label,foo', map(['foo', 'orders.bin']), '--map foo=orders.bin: no column is called "orders.bin" here'],
    ['label,foo', map(['foo', '']), '--map foo=: no column is called "" here'],
    ['label,a,b', map(['a', 'bin'], ['b', 'bin']), 'columns "a" and "b" both mean the label bin'],
  ])('%s', (header, pairs, expected) => {
    expect(reading(header, { map: pairs })).toBe(expected);
  });
});

/** One header of each family of names, in spellings of other systems. */
const NAMES: readonly (readonly [ImportKind, string, string])[] = [
  [
    'items',
    'sku',
    'SKU|Item|item_code|Item No.|product|Product Code|part_number|PartNo|article|material number|stock code',
  ],
  ['items', 'name', 'name|Item Name|productName|description|title'],
  ['items', 'unit', 'unit|UOM|unit_of_measure|Base Unit'],
  ['items', 'tracking', 'tracking|Tracking Type|tracking_mode'],
  [
    'labels',
    'number',
    'label|label_number|Label No.|LABEL ID|serial|serial_number|SerialNo|SN|lpn|License Plate|pallet_id|number',
  ],
  ['labels', 'item', 'sku|item|item_code|product|product_code|part_number'],
  ['labels', 'code', 'code|barcode|scan_code|EAN|epc|RFID|sscc'],
  ['labels', 'quantity', 'quantity|Qty|on_hand|Qty On Hand'],
  ['labels', 'location', 'location|Location Name|warehouse|site'],
  ['labels', 'bin', 'bin|Bin Code|bin_location|shelf|slot'],
  ['labels', 'lot', 'lot|lot_number|Lot No|batch|BatchNumber'],
  ['labels', 'expiry', 'expiry|expiry_date|expires|expires_at|Best Before|expiration|Expiration Date|use-by'],
  ['labels', 'created', 'created|created_at|createdDate|Creation Date|received_at|Receipt Date'],
  [
    'orders',
    'number',
    'order|order_number|Order Number|orderNumber|OrderNo|order-id|SO|SO Number|sales_order|salesOrderNumber|number',
  ],
  ['orders', 'customer', 'customer|Customer Name|customer_id|client|buyer|sold-to|account'],
  ['orders', 'ordered', 'ordered|ordered_at|Order Date|orderDate|date ordered|placed_at|created_at|date'],
  [
    'orders',
    'due',
    'due|due_date|requested_date|Requested Delivery Date|ship_by|Delivery Date|needBy|promised date',
  ],
  ['orders', 'status', 'status|order_status|state|Fulfillment Status'],
  ['lines', 'order', 'order|order_number|Order No.|so_number|salesOrder'],
  ['lines', 'line', 'line|line_number|lineNo|Line No.|pos|position|order_line'],
  ['lines', 'item', 'sku|item|product code|Part Number'],
  ['lines', 'ordered', 'ordered|ordered_quantity|qty|Quantity|Qty Ordered|order qty'],
  [
    'lines',
    'shipped',
    'shipped|shipped_quantity|qty_shipped|fulfilled_quantity|Quantity Fulfilled|delivered',
  ],
];
const KEYS: Record<ImportKind, string> = {
  items: 'sku',
  labels: 'label',
  orders: 'order',
  lines: 'order,line',
};

describe('names of columns', () => {
  test.each(
    NAMES.flatMap(([kind, field, names]) => names.split('|').map((name) => [kind, field, name] as const)),
  )('%s.%s: %s', (kind, field, name) => {
    const isKey = ['sku', 'number', 'order', 'line'].includes(field);
    const other = field === 'line' ? ',order' : field === 'order' ? ',line' : '';
    const found = recognize((isKey ? `${name}${other}` : `${name},${KEYS[kind]}`).split(','), { kind });
    expect('problem' in found ? found.problem : found.readings[0]?.fields[0]).toBe(field);
  });

  test('case, blanks, _, -, . and # make no difference', () => {
    const marks = fc.array(fc.constantFrom('', ' ', '_', '-', '.', '#', '\t'), {
      minLength: 10,
      maxLength: 10,
    });
    const upper = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(marks, upper, (between, capital) => {
        const letters = [...'orderdate'].map(
          (letter, at) => (capital[at] ? letter.toUpperCase() : letter) + between[at + 1],
        );
        const found = recognize([`${between[0]}${letters.join('')}`, 'order'], {});
        expect('readings' in found && found.readings[0]?.fields[0]).toBe('ordered');
      }),
    );
  });

  test('any header at all gives readings as wide as itself, or a problem', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('order', 'label', 'sku', 'number', 'line', 'qty', 'status', 'ordered'),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (headers) => {
        const found = recognize(headers, {});
        if ('problem' in found) expect(found.problem).not.toBe('');
        else for (const { fields } of found.readings) expect(fields).toHaveLength(headers.length);
      }),
    );
  });
});
